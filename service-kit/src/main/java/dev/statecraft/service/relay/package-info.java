/** Message passing by a signed envelope that carries all its state, so no node stores anything. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.relay;
