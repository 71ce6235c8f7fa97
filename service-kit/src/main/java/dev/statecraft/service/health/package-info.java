/** The readiness of a node on its HTTP port. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.health;
