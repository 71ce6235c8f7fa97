package dev.statecraft.session.cookie;

import dev.statecraft.session.AttributeChanges;
import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.UnreadableAttributeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.session.Session;

/**
 * One request's view of a session: the state that its cookie brought, and what the request changed. Its id is the
 * sealed state itself, so it is another one after each change that was saved.
 */
final class CookieSession implements Session {
  private final AttributeCodec codec;
  private final InstantSource time;
  private final Duration touchAfter;
  private SealedState sealed;
  private String token;
  private final Map<String, Object> decoded = new HashMap<>();
  private final AttributeChanges changes = new AttributeChanges();
  private Instant lastAccessed;
  private Duration idle;
  private boolean changed;

  private CookieSession(
      AttributeCodec codec, InstantSource time, Duration touchAfter, SealedState sealed, String token) {
    this.codec = codec;
    this.time = time;
    this.touchAfter = touchAfter;
    this.sealed = sealed;
    this.token = token;
    lastAccessed = sealed.lastAccessed();
    idle = sealed.idle();
  }

  /** A session that nobody holds yet; until it is saved its id opens nothing. */
  static CookieSession fresh(AttributeCodec codec, InstantSource time, Lifetime lifetime) {
    Instant now = time.instant().truncatedTo(ChronoUnit.MILLIS);
    CookieSession session = new CookieSession(
        codec,
        time,
        lifetime.touchAfter(),
        new SealedState(now, now, now, now.plus(lifetime.absolute()), lifetime.idle(), Map.of()),
        UUID.randomUUID().toString());
    session.changed = true;
    return session;
  }

  /**
   * The session that the token brought.
   *
   * @throws UnreadableAttributeException where it holds what this version does not read, or no longer allows
   */
  static CookieSession opened(
      AttributeCodec codec, InstantSource time, Lifetime lifetime, SealedState sealed, String token) {
    CookieSession session = new CookieSession(codec, time, lifetime.touchAfter(), sealed, token);
    sealed.attributes().forEach((name, bytes) -> session.decoded.put(name, codec.decode(bytes)));
    return session;
  }

  boolean isChanged() {
    return changed || !changes.isEmpty();
  }

  /** The state as the next seal must hold it. */
  SealedState state() {
    Map<String, byte[]> attributes = changes.over(sealed.attributes(), codec::encode);
    return new SealedState(sealed.created(), time.instant(), lastAccessed, sealed.ends(), idle, attributes);
  }

  void sealedAs(SealedState state, String newToken) {
    sealed = state;
    token = newToken;
  }

  /** Shows again what the token holds. */
  void forgetChanges() {
    changes.clear();
    decoded.clear();
    changed = false;
    idle = sealed.idle();
  }

  @Override
  public String getId() {
    return token;
  }

  @Override
  public String changeSessionId() {
    // A new seal is a new token; it is made when the session is saved.
    changed = true;
    return token;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the interface's own signature
  public <T> @Nullable T getAttribute(String name) {
    if (changes.has(name)) {
      return (T) changes.get(name);
    }
    byte[] bytes = sealed.attributes().get(name);
    return bytes == null ? null : (T) decoded.computeIfAbsent(name, _ -> codec.decode(bytes));
  }

  @Override
  public Set<String> getAttributeNames() {
    return changes.namesOver(sealed.attributes().keySet());
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
    return sealed.created();
  }

  /**
   * Recorded by the next seal. A read makes one only when the recorded access has grown old: its answer would overwrite
   * the cookie of a write that another request of the same browser got meanwhile.
   */
  @Override
  public void setLastAccessedTime(Instant accessed) {
    lastAccessed = accessed;
    changed |= !accessed.isBefore(sealed.lastAccessed().plus(touchAfter));
  }

  @Override
  public Instant getLastAccessedTime() {
    return lastAccessed;
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    idle = interval;
    changed = true;
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return idle;
  }

  @Override
  public boolean isExpired() {
    return sealed.expiredAt(time.instant());
  }
}
