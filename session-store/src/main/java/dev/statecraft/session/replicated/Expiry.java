package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.replicated.Command.Access;
import dev.statecraft.session.replicated.Command.Expire;
import dev.statecraft.session.replicated.consensus.ConsensusNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Removes expired sessions. The leader finds them by its own clock and proposes their removal, so all nodes remove the
 * same ones. Until then, no node returns an expired session. Thread-safe.
 */
final class Expiry {
  private static final int MAX_SESSIONS_PER_COMMAND = 2_000;
  private static final Duration APPLY_TIMEOUT = Duration.ofSeconds(1);

  private final ConsensusNode node;
  private final Sessions sessions;
  private final CommandProposer proposer;
  private final LastAccessTracker lastAccesses;
  private final LongSupplier now;
  private final AtomicBoolean running = new AtomicBoolean();
  private volatile Consumer<SessionRecord> listener = record -> {};

  Expiry(
      ConsensusNode node, Sessions sessions, CommandProposer proposer, LastAccessTracker lastAccesses,
      LongSupplier now) {
    this.node = node;
    this.sessions = sessions;
    this.proposer = proposer;
    this.lastAccesses = lastAccesses;
    this.now = now;
  }

  /** Sets who is told about each session that this node has removed. */
  void onRemoved(Consumer<SessionRecord> newListener) {
    listener = newListener;
  }

  /** Removes expired sessions if this node leads. Called periodically; returns at once. */
  void run() {
    if (!node.leads() || !running.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual().name("expiry").start(() -> {
      try {
        long time = now.getAsLong();
        List<Access> expired = sessions
            .pick(record -> record.expiredAt(time, lastAccesses.lastAccess(record)), MAX_SESSIONS_PER_COMMAND);
        if (!expired.isEmpty()) {
          List<SessionRecord> before = expired.stream().map(access -> sessions.find(access.id()))
              .filter(Objects::nonNull).toList();
          long index = proposer.propose(new Expire(expired)).index();
          if (node.awaitApplied(index, APPLY_TIMEOUT)) {
            before.stream().filter(record -> sessions.find(record.id()) == null).forEach(listener);
          }
        }
      } catch (SessionStoreException e) {
        // The next run tries again.
        return;
      } finally {
        running.set(false);
      }
    });
  }
}
