/** Calls to other services, limited by the deadline and the connection of the client. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.reactive.call;
