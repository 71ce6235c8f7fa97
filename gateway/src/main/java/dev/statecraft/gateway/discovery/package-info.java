/** Discovery of the nodes of a route. */
@NullMarked
package dev.statecraft.gateway.discovery;

import org.jspecify.annotations.NullMarked;
