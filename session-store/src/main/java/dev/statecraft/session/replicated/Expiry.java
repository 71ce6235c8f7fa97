package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.replicated.Command.Access;
import dev.statecraft.session.replicated.Command.Expire;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Has expired sessions removed. The leader alone looks, by its own clock, and proposes; the log decides, so that all
 * nodes remove the same ones. Meanwhile an expired session is already not found anywhere. Thread-safe.
 */
final class Expiry {
  private static final int MOST_AT_ONCE = 2_000;

  private final RaftNode node;
  private final Proposals proposals;
  private final Touches touches;
  private final LongSupplier now;
  private final AtomicBoolean looking = new AtomicBoolean();

  Expiry(RaftNode node, Proposals proposals, Touches touches, LongSupplier now) {
    this.node = node;
    this.proposals = proposals;
    this.touches = touches;
    this.now = now;
  }

  /** Looks, if this node leads. To be called every so often; returns at once. */
  void look() {
    if (!node.leads() || !looking.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual().name("expiry").start(() -> {
      try {
        long time = now.getAsLong();
        List<Access> expired = node
            .sessions()
            .pick(record -> record.expiredAt(time, touches.lastAccess(record)), MOST_AT_ONCE);
        if (!expired.isEmpty()) {
          proposals.carryOut(new Expire(expired));
        }
      } catch (SessionStoreException e) {
        // Whoever leads next looks again.
        return;
      } finally {
        looking.set(false);
      }
    });
  }
}
