/** Traces: a span for each request and for each attempt at a node. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.trace;
