/** The nodes of a route, and the rules that choose one for a request. */
@NullMarked
package dev.statecraft.gateway.balance;

import org.jspecify.annotations.NullMarked;
