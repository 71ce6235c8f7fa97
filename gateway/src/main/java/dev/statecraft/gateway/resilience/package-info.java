/** Deadlines, retries, rate limits, bulkheads and circuit breakers. */
@NullMarked
package dev.statecraft.gateway.resilience;

import org.jspecify.annotations.NullMarked;
