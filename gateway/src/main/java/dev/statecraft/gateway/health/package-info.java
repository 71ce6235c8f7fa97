/** Node health: passive outlier ejection and active probes. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.health;
