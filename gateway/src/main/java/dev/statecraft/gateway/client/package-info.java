/** Clients: limits for their connections and requests, and how they are identified. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.client;
