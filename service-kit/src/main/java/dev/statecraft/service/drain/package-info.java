/** Time for load balancers to notice that a node shuts down. */
@NullMarked
package dev.statecraft.service.drain;

import org.jspecify.annotations.NullMarked;
