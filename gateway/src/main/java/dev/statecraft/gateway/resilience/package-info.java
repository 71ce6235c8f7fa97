/** Deadlines, retries, rate limits, bulkheads and circuit breakers. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.resilience;
