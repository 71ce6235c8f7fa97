/** The client of a request: how long it waits, and that it left. */
@NullMarked
package dev.statecraft.reactive.client;

import org.jspecify.annotations.NullMarked;
