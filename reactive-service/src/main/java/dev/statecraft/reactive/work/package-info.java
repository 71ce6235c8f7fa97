/** Work of a known size: CPU time and waiting time. */
@NullMarked
package dev.statecraft.reactive.work;

import org.jspecify.annotations.NullMarked;
