/** An application with Spring Security that knows nothing of this library. */
@NullMarked
package dev.statecraft.session.security;

import org.jspecify.annotations.NullMarked;
