/** Spring Cloud Gateway's rate limiter on Redis, with bounded waits. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.ratelimit;
