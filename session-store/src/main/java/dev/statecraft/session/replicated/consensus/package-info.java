/** What the session strategy needs of a consensus engine, and what the engine needs of the strategy. */
@org.jspecify.annotations.NullMarked
package dev.statecraft.session.replicated.consensus;
