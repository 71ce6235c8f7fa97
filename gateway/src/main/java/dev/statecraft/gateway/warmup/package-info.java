/** Exercises the handling of failed nodes before the gateway serves. */
@NullMarked
package dev.statecraft.gateway.warmup;

import org.jspecify.annotations.NullMarked;
