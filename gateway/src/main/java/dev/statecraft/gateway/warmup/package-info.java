/** Exercises the handling of failed nodes before the gateway serves. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.warmup;
