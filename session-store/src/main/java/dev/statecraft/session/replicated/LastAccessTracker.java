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
 * Tracks the last accesses that this node has seen and the log does not hold yet. A read sends no message: its time is
 * kept here, and proposed once the recorded one is older than {@link SessionRecord#lastAccessPersistInterval}, many
 * sessions in one entry. If this node dies, those times are lost, and a session may expire earlier by a twentieth of
 * its timeout.
 *
 * <p>Bounded by the number of sessions. Thread-safe.
 */
final class LastAccessTracker {
  private static final int MAX_SESSIONS_PER_COMMAND = 2_000;
  /** A few times the interval at which {@link #flush} is called. */
  private static final long URGENT_MILLIS = 5_000;

  private final Sessions sessions;
  private final CommandProposer proposer;
  private final LongSupplier now;
  private final ConcurrentMap<String, Long> unrecorded = new ConcurrentHashMap<>();
  private final AtomicBoolean flushing = new AtomicBoolean();

  LastAccessTracker(Sessions sessions, CommandProposer proposer, LongSupplier now) {
    this.sessions = sessions;
    this.proposer = proposer;
    this.now = now;
  }

  /**
   * Records an access. Proposes it at once if the session is about to expire by the access in the log; otherwise
   * another node would find the session expired.
   */
  void record(SessionRecord record, long at) {
    if (at <= record.lastAccessed()) {
      return;
    }
    unrecorded.merge(record.id(), at, Math::max);
    if (record.expiredAt(at + URGENT_MILLIS, record.lastAccessed())
        && at - record.lastAccessed() >= record.lastAccessPersistInterval()) {
      try {
        proposer.propose(new Touch(List.of(new Access(record.id(), at))));
      } catch (SessionStoreException e) {
        // Kept; a later flush proposes it.
        return;
      }
    }
  }

  /** The last access that this node knows of, in milliseconds since the epoch. */
  long lastAccess(SessionRecord record) {
    return Math.max(record.lastAccessed(), unrecorded.getOrDefault(record.id(), Long.MIN_VALUE));
  }

  /** Proposes the accesses that are due. Called periodically; returns at once. */
  void flush() {
    if (unrecorded.isEmpty() || !flushing.compareAndSet(false, true)) {
      return;
    }
    Thread.ofVirtual().name("last-access-flush").start(() -> {
      try {
        List<Access> due = due();
        if (!due.isEmpty()) {
          proposer.propose(new Touch(due));
        }
      } catch (SessionStoreException e) {
        // Kept; a later flush proposes them.
        return;
      } finally {
        flushing.set(false);
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
      } else if (time - record.lastAccessed() >= record.lastAccessPersistInterval()
          && due.size() < MAX_SESSIONS_PER_COMMAND) {
        due.add(new Access(id, at));
      }
    });
    return due;
  }
}
