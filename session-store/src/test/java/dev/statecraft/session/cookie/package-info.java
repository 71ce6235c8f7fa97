@NullMarked
package dev.statecraft.session.cookie;

import org.jspecify.annotations.NullMarked;
