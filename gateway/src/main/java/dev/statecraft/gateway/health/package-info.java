/** Which nodes are fit to be chosen: passive ejection and active probes. */
@NullMarked
package dev.statecraft.gateway.health;

import org.jspecify.annotations.NullMarked;
