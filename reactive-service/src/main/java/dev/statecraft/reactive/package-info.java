@NullMarked
package dev.statecraft.reactive;

import org.jspecify.annotations.NullMarked;
