/** The nodes of a route as this gateway sees them, and the rules that choose one of them for a request. */
@NullMarked
package dev.statecraft.gateway.balance;

import org.jspecify.annotations.NullMarked;
