/** Calls to other services, limited by the deadline and the connection of the client. */
@NullMarked
package dev.statecraft.reactive.call;

import org.jspecify.annotations.NullMarked;
