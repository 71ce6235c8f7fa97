package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.Command.Barrier;
import dev.statecraft.session.replicated.consensus.ConsensusNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether this node can serve sessions. It can once it is connected to a majority and a leader and has applied a
 * barrier that was proposed after it joined: then a majority follows the leader, and this node has all earlier
 * acknowledged writes. Losing the leader for up to 3 s leaves the node ready; a longer loss does not, until it has
 * caught up again. Thread-safe.
 */
final class Readiness {
  private static final Duration MAX_LEADER_LOSS = Duration.ofSeconds(3);

  private final ConsensusNode node;
  private final CommandProposer proposer;
  private final AtomicBoolean catchingUp = new AtomicBoolean();
  private volatile boolean caughtUp;
  private volatile long lastAvailable = System.nanoTime();

  Readiness(ConsensusNode node, CommandProposer proposer) {
    this.node = node;
    this.proposer = proposer;
  }

  /** Why this node cannot serve sessions now; empty if it can. */
  Optional<String> notReadyReason() {
    Optional<String> excluded = node.excludedReason();
    if (excluded.isPresent()) {
      return excluded;
    }
    if (caughtUp && !isLeaderLost()) {
      return Optional.empty();
    }
    return node.unavailableReason().or(() -> Optional.of("catching up; applied index " + node.appliedIndex()));
  }

  /** Updates the state. Called periodically; returns at once. */
  void check() {
    if (node.unavailableReason().isPresent()) {
      if (isLeaderLost()) {
        caughtUp = false;
      }
      return;
    }
    lastAvailable = System.nanoTime();
    if (!caughtUp && catchingUp.compareAndSet(false, true)) {
      Thread.ofVirtual().name("catch-up").start(() -> {
        try {
          long index = proposer.propose(new Barrier()).index();
          caughtUp = node.awaitApplied(index, MAX_LEADER_LOSS);
        } catch (RuntimeException e) {
          // The next check tries again.
          return;
        } finally {
          catchingUp.set(false);
        }
      });
    }
  }

  private boolean isLeaderLost() {
    return System.nanoTime() - lastAvailable > TimeUnit.MILLISECONDS.toNanos(MAX_LEADER_LOSS.toMillis());
  }
}
