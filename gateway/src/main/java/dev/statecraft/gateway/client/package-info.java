/** Clients: limits for their connections and requests, and how they are identified. */
@NullMarked
package dev.statecraft.gateway.client;

import org.jspecify.annotations.NullMarked;
