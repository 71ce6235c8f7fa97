/** Detects clients that disconnect, so that their work is stopped. */
@NullMarked
package dev.statecraft.stateless.client;

import org.jspecify.annotations.NullMarked;
