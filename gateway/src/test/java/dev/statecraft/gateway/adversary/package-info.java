/** Hostile clients beside a well-behaved load. */
@NullMarked
package dev.statecraft.gateway.adversary;

import org.jspecify.annotations.NullMarked;
