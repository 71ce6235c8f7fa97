/** Sessions of WebFlux applications. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.reactive;
