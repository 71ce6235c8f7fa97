/** Time for load balancers to notice that a node shuts down. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.service.drain;
