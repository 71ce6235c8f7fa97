/** Strategy infinispan: Infinispan's own session repository, embedded in each node. */
@NullMarked
package dev.statecraft.peers.infinispan;

import org.jspecify.annotations.NullMarked;
