/** The configuration of the gateway and its validation. */
@NullMarked
package dev.statecraft.gateway.settings;

import org.jspecify.annotations.NullMarked;
