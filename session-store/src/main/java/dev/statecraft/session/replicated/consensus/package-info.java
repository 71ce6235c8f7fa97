/** What the session strategy needs of a consensus engine, and what the engine needs of the strategy. */
@NullMarked
package dev.statecraft.session.replicated.consensus;

import org.jspecify.annotations.NullMarked;
