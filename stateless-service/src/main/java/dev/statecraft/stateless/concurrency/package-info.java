/** The concurrency models, and load shedding when a model has no capacity. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.stateless.concurrency;
