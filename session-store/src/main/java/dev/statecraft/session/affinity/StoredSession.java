package dev.statecraft.session.affinity;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One session as this node holds it. Its monitor guards every field; its maps are never changed, only replaced. */
final class StoredSession {
  /** A value of an attribute as one save wrote it: a new object for each change, so that identity tells them apart. */
  static final class Written {
    final Object value;

    Written(Object value) {
      this.value = value;
    }
  }

  private static final AtomicLong ORDER = new AtomicLong();

  /** In which order those who need several sessions at once take their monitors. */
  final long order = ORDER.getAndIncrement();
  final Instant created;
  String id;
  Map<String, Written> attributes;
  Instant lastAccessed;
  Duration timeout;
  boolean dead;
  /** Dead here, alive at another node. */
  boolean moved;

  StoredSession(AffinitySession session) {
    id = session.getId();
    created = session.getCreationTime();
    lastAccessed = session.getLastAccessedTime();
    timeout = session.getMaxInactiveInterval();
    attributes = Map.of();
    session.applyTo(this);
  }

  /** A session that another node gave away. */
  StoredSession(MovingSession moving, Map<String, Written> attributes) {
    id = moving.id();
    created = moving.created();
    lastAccessed = moving.lastAccessed();
    timeout = moving.timeout();
    this.attributes = attributes;
  }

  boolean expiredAt(Instant now) {
    return !timeout.isNegative() && !now.isBefore(lastAccessed.plus(timeout));
  }
}
