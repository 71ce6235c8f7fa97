package dev.statecraft.session.affinity;

import dev.statecraft.session.AttributeChanges;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.affinity.StoredSession.Written;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.UuidSessionIdGenerator;

/** One request's view of a session: the state as it was when the request began, and what the request changed. */
final class AffinitySession implements Session {
  private static final SessionIdGenerator IDS = UuidSessionIdGenerator.getInstance();

  private final InstantSource time;
  private final Instant created;
  /** Null until a new session has been saved. */
  private @Nullable StoredSession stored;
  private String storedId;
  private String id;
  private Map<String, Written> seen;
  private final AttributeChanges changes = new AttributeChanges();
  private Instant lastAccessed;
  private Duration timeout;
  private boolean touched;
  private boolean timeoutChanged;

  AffinitySession(InstantSource time, Duration timeout) {
    this.time = time;
    this.timeout = timeout;
    id = IDS.generate();
    storedId = id;
    created = time.instant();
    lastAccessed = created;
    seen = Map.of();
    touched = true;
  }

  AffinitySession(InstantSource time, StoredSession stored) {
    this.time = time;
    this.stored = stored;
    id = stored.id;
    storedId = stored.id;
    created = stored.created;
    lastAccessed = stored.lastAccessed;
    timeout = stored.timeout;
    seen = stored.attributes;
  }

  @Nullable
  StoredSession stored() {
    return stored;
  }

  boolean isChanged() {
    return touched || changesState();
  }

  /** Whether losing this save would lose something that the request was told was done. */
  boolean changesState() {
    return timeoutChanged || changesId() || !changes.isEmpty();
  }

  boolean changesId() {
    return !id.equals(storedId);
  }

  void refuseConflicts(StoredSession current) {
    if (changesId() && !storedId.equals(current.id)) {
      throw new SessionStoreException(Reason.CONFLICT, "Another request gave the session a new id");
    }
    for (String name : changes.names()) {
      if (current.attributes.get(name) != seen.get(name)) {
        throw new SessionStoreException(Reason.CONFLICT,
            "Another request changed '" + name + "' of this session first");
      }
    }
  }

  void applyTo(StoredSession current) {
    if (!changes.isEmpty()) {
      current.attributes = changes.over(current.attributes, Written::new);
    }
    if (lastAccessed.isAfter(current.lastAccessed)) {
      current.lastAccessed = lastAccessed;
    }
    if (timeoutChanged) {
      current.timeout = timeout;
    }
  }

  void attachTo(StoredSession current) {
    stored = current;
    storedId = id;
    seen = current.attributes;
  }

  /** Shows again what is stored; a new session that was refused keeps an id that opens nothing. */
  void forgetChanges() {
    changes.clear();
    touched = false;
    timeoutChanged = false;
    id = storedId;
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public String changeSessionId() {
    id = IDS.generate();
    if (stored == null) {
      storedId = id;
    }
    return id;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the interface's own signature
  public <T> @Nullable T getAttribute(String name) {
    if (changes.has(name)) {
      return (T) changes.get(name);
    }
    Written written = seen.get(name);
    return written == null ? null : (T) written.value;
  }

  @Override
  public Set<String> getAttributeNames() {
    return changes.namesOver(seen.keySet());
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    changes.set(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    changes.set(name, null);
  }

  @Override
  public Instant getCreationTime() {
    return created;
  }

  @Override
  public void setLastAccessedTime(Instant lastAccessedTime) {
    lastAccessed = lastAccessedTime;
    touched = true;
  }

  @Override
  public Instant getLastAccessedTime() {
    return lastAccessed;
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    timeout = interval;
    timeoutChanged = true;
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return timeout;
  }

  @Override
  public boolean isExpired() {
    return !timeout.isNegative() && !time.instant().isBefore(lastAccessed.plus(timeout));
  }
}
