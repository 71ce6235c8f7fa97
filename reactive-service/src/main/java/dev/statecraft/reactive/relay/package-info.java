/** Message passing: the HTTP calls of the relay. */
@NullMarked
package dev.statecraft.reactive.relay;

import org.jspecify.annotations.NullMarked;
