/** Compares the throughput of strategies that keep sessions in Redis. */
@NullMarked
package dev.statecraft.benchmark;

import org.jspecify.annotations.NullMarked;
