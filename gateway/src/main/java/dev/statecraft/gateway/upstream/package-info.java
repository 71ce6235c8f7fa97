/** Makes the nodes of a route: where they come from, their connections and event loops. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.upstream;
