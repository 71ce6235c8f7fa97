package dev.statecraft.session.affinity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One session in the memory of this node. Guarded by its own monitor; its maps are never modified, only replaced. */
final class StoredSession {
  /** The value that one save gave an attribute. Each change makes a new object, so identity detects conflicts. */
  static final class AttributeVersion {
    final Object value;

    AttributeVersion(Object value) {
      this.value = value;
    }
  }

  enum State {
    LIVE, REMOVED,
    /** Live on another node. */
    MOVED
  }

  private static final AtomicLong SEQUENCE = new AtomicLong();

  /** Threads that lock several sessions lock them in this order, so that they cannot deadlock. */
  final long lockOrder = SEQUENCE.getAndIncrement();
  private final Instant created;

  @GuardedBy("this")
  String id;

  @GuardedBy("this")
  State state = State.LIVE;

  @GuardedBy("this")
  private Map<String, AttributeVersion> attributes;

  @GuardedBy("this")
  private Instant lastAccessed;

  @GuardedBy("this")
  private Duration timeout;

  /** Stores a new session. */
  StoredSession(AffinitySession session) {
    id = session.getId();
    created = session.getCreationTime();
    lastAccessed = session.getLastAccessedTime();
    timeout = session.getMaxInactiveInterval();
    attributes = session.appliedTo(Map.of());
  }

  /** Stores a session that another node sent. */
  StoredSession(MovingSession moving, Map<String, AttributeVersion> attributes) {
    id = moving.id();
    created = moving.created();
    lastAccessed = moving.lastAccessed();
    timeout = moving.timeout();
    this.attributes = attributes;
  }

  synchronized AffinitySession open(InstantSource time) {
    return new AffinitySession(time, this, id, created, lastAccessed, timeout, attributes);
  }

  synchronized Map<String, AttributeVersion> attributes() {
    return attributes;
  }

  synchronized MovingSession toMovingSession(Map<String, byte[]> encodedAttributes) {
    return new MovingSession(id, created, lastAccessed, timeout, encodedAttributes);
  }

  synchronized boolean isExpiredAt(Instant now) {
    return ChangeTrackingSession.isExpired(now, lastAccessed, timeout);
  }

  /**
   * Applies the changes of a request, all but a new id.
   *
   * @throws SessionStoreException if another request changed the same attribute or the id first
   */
  synchronized void apply(AffinitySession session) {
    if (session.changesId() && !session.storedId().equals(id)) {
      throw new SessionStoreException(Reason.CONFLICT, "Another request gave the session a new id");
    }
    session.rejectConflicts(attributes);
    attributes = session.appliedTo(attributes);
    if (session.getLastAccessedTime().isAfter(lastAccessed)) {
      lastAccessed = session.getLastAccessedTime();
    }
    timeout = session.timeoutOver(timeout);
  }
}
