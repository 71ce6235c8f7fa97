/** One answer out of several services' answers: one after the other, or at once. */
@NullMarked
package dev.statecraft.reactive.fanout;

import org.jspecify.annotations.NullMarked;
