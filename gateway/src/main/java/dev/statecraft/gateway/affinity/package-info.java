/** Session affinity: keeps a client at the node that holds its session. */
@NullMarked
package dev.statecraft.gateway.affinity;

import org.jspecify.annotations.NullMarked;
