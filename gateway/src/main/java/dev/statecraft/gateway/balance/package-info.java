/** The nodes of a route, and the rules that choose one for a request. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.balance;
