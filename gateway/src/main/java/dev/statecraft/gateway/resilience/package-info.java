/** What may be tried again, and for how long. */
@NullMarked
package dev.statecraft.gateway.resilience;

import org.jspecify.annotations.NullMarked;
