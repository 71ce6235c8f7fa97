/** The event loops, and the limits within which they serve. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.reactive.server;
