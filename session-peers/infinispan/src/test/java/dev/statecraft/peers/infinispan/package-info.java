@NullMarked
package dev.statecraft.peers.infinispan;

import org.jspecify.annotations.NullMarked;
