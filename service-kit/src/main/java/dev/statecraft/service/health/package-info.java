/** The readiness of a node on its HTTP port. */
@NullMarked
package dev.statecraft.service.health;

import org.jspecify.annotations.NullMarked;
