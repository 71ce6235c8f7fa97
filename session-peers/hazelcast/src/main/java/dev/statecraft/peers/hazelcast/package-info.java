/** Strategy hazelcast: Hazelcast's own session repository, embedded in each node. */
@NullMarked
package dev.statecraft.peers.hazelcast;

import org.jspecify.annotations.NullMarked;
