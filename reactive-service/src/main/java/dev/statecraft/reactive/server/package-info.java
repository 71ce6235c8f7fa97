/** The event loops, and the limits within which they serve. */
@NullMarked
package dev.statecraft.reactive.server;

import org.jspecify.annotations.NullMarked;
