/** The concurrency models, and load shedding when a model has no capacity. */
@NullMarked
package dev.statecraft.stateless.concurrency;

import org.jspecify.annotations.NullMarked;
