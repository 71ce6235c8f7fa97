/** Forwards requests to nodes, with retries and session affinity, and returns their responses. */
@NullMarked
package dev.statecraft.gateway.forward;

import org.jspecify.annotations.NullMarked;
