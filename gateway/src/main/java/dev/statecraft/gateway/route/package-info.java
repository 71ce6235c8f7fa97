/** The route table, and the way of one request through it: choose a node, forward, answer. */
@NullMarked
package dev.statecraft.gateway.route;

import org.jspecify.annotations.NullMarked;
