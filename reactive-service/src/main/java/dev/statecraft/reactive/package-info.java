/** The API of the stateless service on event loops. */
@NullMarked
package dev.statecraft.reactive;

import org.jspecify.annotations.NullMarked;
