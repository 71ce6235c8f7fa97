@NullMarked
package dev.statecraft.stateful;

import org.jspecify.annotations.NullMarked;
