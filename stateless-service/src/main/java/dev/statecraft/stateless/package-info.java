/** A servlet service whose replicas all give the same answer; its concurrency model is a property. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.stateless;
