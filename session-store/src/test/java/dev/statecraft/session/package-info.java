@NullMarked
package dev.statecraft.session;

import org.jspecify.annotations.NullMarked;
