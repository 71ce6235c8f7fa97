/** Forwards requests to nodes, with retries and session affinity, and returns their responses. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.forward;
