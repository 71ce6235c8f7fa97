@NullMarked
package dev.statecraft.peers.jdbc;

import org.jspecify.annotations.NullMarked;
