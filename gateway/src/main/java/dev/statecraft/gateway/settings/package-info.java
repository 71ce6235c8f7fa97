/** The configuration of the gateway and its validation. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.settings;
