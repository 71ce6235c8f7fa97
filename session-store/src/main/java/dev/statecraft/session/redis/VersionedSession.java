package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeChanges;
import dev.statecraft.session.redis.VersionedHash.Change;
import dev.statecraft.session.redis.VersionedHash.Read;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;
import org.springframework.session.SessionIdGenerator;
import org.springframework.session.UuidSessionIdGenerator;

/**
 * A session as one request read it, with that request's changes. Knows the revision of each attribute that it read, so
 * that a save can ask whether another request was faster. Not thread-safe: it belongs to its request.
 */
final class VersionedSession implements Session {
  private static final SessionIdGenerator IDS = UuidSessionIdGenerator.getInstance();

  private final AttributeChanges changes = new AttributeChanges();
  private final Duration touchAfter;
  private final Instant created;
  /** Null until a new session has been saved. */
  private @Nullable String storedId;
  private Map<String, Object> attributes;
  private Map<String, Long> revisions;
  private String id;
  private Instant recorded;
  private Instant lastAccessed;
  private Duration storedTimeout;
  private Duration timeout;
  private boolean refused;

  /** A new session. */
  VersionedSession(Instant now, Duration timeout, Duration touchAfter) {
    this.touchAfter = touchAfter;
    created = now;
    attributes = Map.of();
    revisions = Map.of();
    id = IDS.generate();
    recorded = now;
    lastAccessed = now;
    storedTimeout = timeout;
    this.timeout = timeout;
  }

  /** A stored session. */
  VersionedSession(String id, Read read, Duration touchAfter) {
    this.touchAfter = touchAfter;
    this.id = id;
    created = read.created();
    storedId = id;
    attributes = read.attributes();
    revisions = read.revisions();
    recorded = read.lastAccessed();
    lastAccessed = recorded;
    storedTimeout = read.timeout();
    timeout = storedTimeout;
  }

  boolean mustBeSaved() {
    return !refused && (storedId == null || changesState()
        || Duration.between(recorded, lastAccessed).compareTo(touchAfter) >= 0);
  }

  /** Whether losing this save would lose something that the request was told was done. */
  boolean changesState() {
    return !changes.isEmpty() || !timeout.equals(storedTimeout) || !id.equals(storedId);
  }

  /** Where it is stored, or null where it is new. */
  @Nullable
  String storedId() {
    return storedId;
  }

  /** What a save changes, each with the revision of the attribute that the request read. */
  List<Change> changes() {
    List<Change> made = new ArrayList<>();
    changes.forEach((name, value) -> made.add(new Change(name, revisions.getOrDefault(name, 0L), value)));
    return made;
  }

  /** The time-out where a save must change it, otherwise null. */
  @Nullable
  Duration changedTimeout() {
    return storedId == null || !timeout.equals(storedTimeout) ? timeout : null;
  }

  /**
   * Goes on from what it had read, with its own changes. Not from what is stored now: what another request changed
   * meanwhile was not seen by this one, and must conflict with what it does next.
   */
  void wasSaved(long revision) {
    attributes = changes.over(attributes, value -> value);
    revisions = changes.over(revisions, _ -> revision);
    changes.clear();
    storedId = id;
    storedTimeout = timeout;
    recorded = lastAccessed;
  }

  /** Shows again what it had read, and is not saved a second time. */
  void wasRefused() {
    refused = true;
    changes.clear();
    timeout = storedTimeout;
    if (storedId != null) {
      id = storedId;
    }
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public String changeSessionId() {
    id = IDS.generate();
    return id;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the interface's own signature
  public <T> @Nullable T getAttribute(String name) {
    return (T) (changes.has(name) ? changes.get(name) : attributes.get(name));
  }

  @Override
  public Set<String> getAttributeNames() {
    return changes.namesOver(attributes.keySet());
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
  }

  @Override
  public Instant getLastAccessedTime() {
    return lastAccessed;
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    timeout = interval;
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return timeout;
  }

  /** Expired sessions are not found, so what a request holds has not expired. */
  @Override
  public boolean isExpired() {
    return false;
  }
}
