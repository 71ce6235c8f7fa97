@NullMarked
package dev.statecraft.peers.hazelcast;

import org.jspecify.annotations.NullMarked;
