/** Detects clients that disconnect, so that their work is stopped. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.stateless.client;
