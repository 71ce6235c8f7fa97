/** Where the nodes of a route come from. */
@NullMarked
package dev.statecraft.gateway.discovery;

import org.jspecify.annotations.NullMarked;
