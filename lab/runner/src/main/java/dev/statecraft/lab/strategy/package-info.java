/** What the lab must know of a session strategy to compare it; each strategy and peer is an implementation. */
@NullMarked
package dev.statecraft.lab.strategy;

import org.jspecify.annotations.NullMarked;
