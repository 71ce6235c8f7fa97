/** The metrics of the gateway. */
@NullMarked
package dev.statecraft.gateway.metrics;

import org.jspecify.annotations.NullMarked;
