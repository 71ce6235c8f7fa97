/** Message passing: the HTTP calls of the relay. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.stateless.relay;
