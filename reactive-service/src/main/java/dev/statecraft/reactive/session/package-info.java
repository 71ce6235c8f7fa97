/** Login and cart: the same calls as in the stateful service, without blocking an event loop. */
@NullMarked
package dev.statecraft.reactive.session;

import org.jspecify.annotations.NullMarked;
