package dev.statecraft.session.affinity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.attribute.StoredAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One session in the memory of this node. Guarded by its own monitor; its maps are never modified, only replaced. */
final class StoredSession {
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
  private Map<String, StoredAttribute> attributes;

  /** Name of the user; null if there is none. */
  @GuardedBy("this")
  private @Nullable String principal;

  /** The id before it was changed last; null if it never was. */
  @GuardedBy("this")
  private @Nullable String previousId;

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
    principal = session.principal();
  }

  /** Stores a session that another node sent. */
  StoredSession(MovingSession moving, Map<String, StoredAttribute> attributes) {
    id = moving.id();
    created = moving.created();
    lastAccessed = moving.lastAccessed();
    timeout = moving.timeout();
    previousId = moving.previousId();
    this.attributes = attributes;
    principal = ChangeTrackingSession.principalOf(attributes);
  }

  synchronized AffinitySession open(SessionStoreContext context) {
    return new AffinitySession(context, this, id, created, lastAccessed, timeout, attributes);
  }

  synchronized Map<String, StoredAttribute> attributes() {
    return attributes;
  }

  synchronized MovingSession toMovingSession(Map<String, byte[]> encodedAttributes) {
    return new MovingSession(id, created, lastAccessed, timeout, encodedAttributes, previousId);
  }

  synchronized boolean isExpiredAt(Instant now) {
    return ChangeTrackingSession.isExpired(now, lastAccessed, timeout);
  }

  synchronized boolean belongsTo(String user) {
    return state == State.LIVE && user.equals(principal);
  }

  synchronized boolean hadId(String oldId) {
    return state == State.LIVE && oldId.equals(previousId);
  }

  /** Changes the id; the caller changes the index of ids. */
  synchronized void changeId(String newId) {
    previousId = id;
    id = newId;
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
    if (session.changesUser()) {
      principal = ChangeTrackingSession.principalOf(attributes);
    }
    if (session.getLastAccessedTime().isAfter(lastAccessed)) {
      lastAccessed = session.getLastAccessedTime();
    }
    timeout = session.timeoutOver(timeout);
  }
}
