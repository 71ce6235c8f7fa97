/** Login and cart: the same calls as in the stateful service, without blocking an event loop. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.reactive.session;
