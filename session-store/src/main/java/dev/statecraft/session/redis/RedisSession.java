package dev.statecraft.session.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/**
 * Spring Session's Redis session, which additionally knows whether saving it is worth a round trip: a request that
 * changed nothing is saved only when the recorded last access has grown old, and one whose save failed is not saved
 * again.
 */
final class RedisSession<S extends Session> implements Session {
  private final S session;
  private final Duration touchAfter;
  private String storedId;
  private Instant recorded;
  private Instant lastAccessed;
  private boolean isNew;
  private boolean changed;
  private boolean refused;

  RedisSession(S session, boolean isNew, Duration touchAfter) {
    this.session = session;
    this.isNew = isNew;
    this.touchAfter = touchAfter;
    storedId = session.getId();
    recorded = session.getLastAccessedTime();
    lastAccessed = recorded;
  }

  boolean mustBeSaved() {
    return !refused && (isNew || changed || Duration.between(recorded, lastAccessed).compareTo(touchAfter) >= 0);
  }

  /** Whether losing this save would lose something that the request was told was done. */
  boolean changesState() {
    return changed;
  }

  S toSave() {
    session.setLastAccessedTime(lastAccessed);
    return session;
  }

  void wasSaved() {
    storedId = session.getId();
    recorded = lastAccessed;
    isNew = false;
    changed = false;
  }

  void wasRefused() {
    refused = true;
  }

  @Override
  public String getId() {
    return refused ? storedId : session.getId();
  }

  @Override
  public String changeSessionId() {
    changed = true;
    return session.changeSessionId();
  }

  @Override
  @SuppressWarnings("TypeParameterUnusedInFormals") // the interface's own signature
  public <T> @Nullable T getAttribute(String name) {
    return session.getAttribute(name);
  }

  @Override
  public Set<String> getAttributeNames() {
    return session.getAttributeNames();
  }

  @Override
  public void setAttribute(String name, Object value) {
    changed = true;
    session.setAttribute(name, value);
  }

  @Override
  public void removeAttribute(String name) {
    changed = true;
    session.removeAttribute(name);
  }

  @Override
  public Instant getCreationTime() {
    return session.getCreationTime();
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
    changed = true;
    session.setMaxInactiveInterval(interval);
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return session.getMaxInactiveInterval();
  }

  @Override
  public boolean isExpired() {
    return session.isExpired();
  }
}
