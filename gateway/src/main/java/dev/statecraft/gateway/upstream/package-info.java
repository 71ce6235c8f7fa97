/** Makes the nodes of a route: where they come from, their connections and event loops. */
@NullMarked
package dev.statecraft.gateway.upstream;

import org.jspecify.annotations.NullMarked;
