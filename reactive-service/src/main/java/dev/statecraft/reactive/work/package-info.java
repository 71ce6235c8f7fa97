/** Work of a known size: CPU time to burn, and time to wait. */
@NullMarked
package dev.statecraft.reactive.work;

import org.jspecify.annotations.NullMarked;
