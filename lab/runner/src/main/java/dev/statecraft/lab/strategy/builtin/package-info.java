/** The strategies of Statecraft, and the peers in {@code session-peers}. */
@NullMarked
package dev.statecraft.lab.strategy.builtin;

import org.jspecify.annotations.NullMarked;
