package dev.statecraft.session.replicated.consensus;

import java.util.concurrent.CompletableFuture;

/**
 * What a node knows of the leader at one moment.
 *
 * @param known whether there is a leader that the node can reach
 * @param changed completes when the leader changes or is lost
 */
public record LeaderState(boolean known, CompletableFuture<Void> changed) {}
