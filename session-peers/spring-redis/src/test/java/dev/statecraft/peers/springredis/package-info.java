@NullMarked
package dev.statecraft.peers.springredis;

import org.jspecify.annotations.NullMarked;
