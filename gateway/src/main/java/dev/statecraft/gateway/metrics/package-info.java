/** The metrics of the gateway. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.metrics;
