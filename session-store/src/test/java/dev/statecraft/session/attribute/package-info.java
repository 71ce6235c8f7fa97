@NullMarked
package dev.statecraft.session.attribute;

import org.jspecify.annotations.NullMarked;
