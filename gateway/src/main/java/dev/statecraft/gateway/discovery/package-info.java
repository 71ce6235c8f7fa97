/** Discovery of the nodes of a route. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.discovery;
