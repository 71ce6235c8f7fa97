package dev.statecraft.session.replicated;

import dev.statecraft.session.replicated.Command.Barrier;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether this node can serve. It can once it sees a majority and a leader and has applied an entry that was put into
 * the log after it had joined: so the leader leads a majority, and what was acknowledged before is here. A change of
 * leader, which takes a moment, does not make it unready; a longer loss does, until it has caught up again.
 * Thread-safe.
 */
final class Readiness {
  private static final Duration TOLERATED = Duration.ofSeconds(3);

  private final RaftNode node;
  private final Proposals proposals;
  private final AtomicBoolean catchingUp = new AtomicBoolean();
  private volatile boolean caughtUp;
  private volatile long fineAt = System.nanoTime();

  Readiness(RaftNode node, Proposals proposals) {
    this.node = node;
    this.proposals = proposals;
  }

  /** Empty when this node can serve; otherwise why not. */
  Optional<String> whyNot() {
    Optional<String> out = node.whyOut();
    if (out.isPresent()) {
      return out;
    }
    Optional<String> problem = node.whyNotTakingPart();
    if (caughtUp && !lostForLong()) {
      return Optional.empty();
    }
    return problem.isPresent() ? problem : Optional.of("catches up, has applied " + node.applied().value());
  }

  /** To be called every so often; returns at once. */
  void look() {
    if (node.whyNotTakingPart().isPresent()) {
      if (lostForLong()) {
        caughtUp = false;
      }
      return;
    }
    fineAt = System.nanoTime();
    if (!caughtUp && catchingUp.compareAndSet(false, true)) {
      Thread.ofVirtual().name("catch-up").start(() -> {
        try {
          long index = proposals.carryOut(new Barrier()).index();
          caughtUp = Waiting.reached(node.applied(), index, TOLERATED.toNanos());
        } catch (RuntimeException e) {
          // The next look tries again.
          return;
        } finally {
          catchingUp.set(false);
        }
      });
    }
  }

  private boolean lostForLong() {
    return System.nanoTime() - fineAt > TimeUnit.MILLISECONDS.toNanos(TOLERATED.toMillis());
  }
}
