@NullMarked
package dev.statecraft.benchmark;

import org.jspecify.annotations.NullMarked;
