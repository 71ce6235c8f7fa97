/** Session affinity: keeps a client at the node that holds its session. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.gateway.affinity;
