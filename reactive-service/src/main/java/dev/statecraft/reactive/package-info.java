/** The API of the stateless service on event loops. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.reactive;
