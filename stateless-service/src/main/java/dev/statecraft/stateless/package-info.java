/** A servlet service whose replicas all give the same answer; its concurrency model is a property. */
@NullMarked
package dev.statecraft.stateless;

import org.jspecify.annotations.NullMarked;
