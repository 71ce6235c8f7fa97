/** Message passing: the HTTP calls of the relay. */
@NullMarked
package dev.statecraft.stateless.relay;

import org.jspecify.annotations.NullMarked;
