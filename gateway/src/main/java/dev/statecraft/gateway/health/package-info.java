/** Node health: passive outlier ejection and active probes. */
@NullMarked
package dev.statecraft.gateway.health;

import org.jspecify.annotations.NullMarked;
