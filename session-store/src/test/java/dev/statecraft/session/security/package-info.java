/** An application with Spring Security that knows nothing of this library. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.security;
