package dev.statecraft.session.replicated;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.replicated.Command.Access;
import dev.statecraft.session.replicated.Command.Touch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Last accesses that this node has seen and the group does not know yet. A read costs no message: its time is kept
 * here, and told to the group, many sessions in one entry, once the recorded one is older than
 * {@link SessionRecord#touchAfter}. So no session expires early, but for one: when a node dies, the reads that it had
 * not told are forgotten, and a session may end earlier by a twentieth of its limit.
 *
 * <p>Bounded by the number of sessions. Thread-safe.
 */
final class Touches {
  private static final int MOST_AT_ONCE = 2_000;
  /** Some times the interval at which the rest is told. */
  private static final long URGENT_MILLIS = 5_000;

  private final Sessions sessions;
  private final Proposals proposals;
  private final LongSupplier now;
  private final ConcurrentMap<String, Long> unrecorded = new ConcurrentHashMap<>();
  private final AtomicBoolean telling = new AtomicBoolean();

  Touches(Sessions sessions, Proposals proposals, LongSupplier now) {
    this.sessions = sessions;
    this.proposals = proposals;
    this.now = now;
  }

  /**
   * Takes note of an access. One that comes when the recorded one is about to expire is told at once, or another node
   * would find the session expired before it hears of it.
   */
  void note(SessionRecord record, long at) {
    if (at <= record.lastAccessed()) {
      return;
    }
    unrecorded.merge(record.id(), at, Math::max);
    if (record.expiredAt(at + URGENT_MILLIS, record.lastAccessed())
        && at - record.lastAccessed() >= record.touchAfter()) {
      try {
        proposals.carryOut(new Touch(List.of(new Access(record.id(), at))));
      } catch (SessionStoreException e) {
        // It stays unrecorded here, and is told when the group can be reached again.
        return;
      }
    }
  }

  /** The last access as far as this node knows. */
  long lastAccess(SessionRecord record) {
    return Math.max(record.lastAccessed(), unrecorded.getOrDefault(record.id(), Long.MIN_VALUE));
  }

  /** Tells the group what is due. To be called every so often; returns at once. */
  void tell() {
    if (unrecorded.isEmpty() || !telling.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual().name("touches").start(() -> {
      try {
        List<Access> due = due();
        if (!due.isEmpty()) {
          proposals.carryOut(new Touch(due));
        }
      } catch (SessionStoreException e) {
        // They stay unrecorded here, and are told when the group can be reached again.
        return;
      } finally {
        telling.set(false);
      }
    });
  }

  int size() {
    return unrecorded.size();
  }

  private List<Access> due() {
    List<Access> due = new ArrayList<>();
    long time = now.getAsLong();
    unrecorded.forEach((id, at) -> {
      SessionRecord record = sessions.find(id);
      if (record == null || record.lastAccessed() >= at) {
        unrecorded.remove(id, at);
      } else if (time - record.lastAccessed() >= record.touchAfter() && due.size() < MOST_AT_ONCE) {
        due.add(new Access(id, at));
      }
    });
    return due;
  }
}
