package dev.statecraft.session.cookie;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.UnreadableAttributeException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session whose id is its encrypted state. So each save that changes something also changes the id. */
final class CookieSession extends ChangeTrackingSession {
  private final AttributeCodec codec;
  private final Lifetime lifetime;
  private final Map<String, Object> decoded = new HashMap<>();
  private CookieState stored;
  private boolean newTokenRequested;

  /** Makes a new session. No cookie holds it until it is saved, so its random id finds nothing. */
  CookieSession(AttributeCodec codec, InstantSource time, Lifetime lifetime) {
    super(time, lifetime.idle());
    this.codec = codec;
    this.lifetime = lifetime;
    stored = new CookieState(getCreationTime(), getCreationTime(), getCreationTime(),
        getCreationTime().plus(lifetime.absolute()), lifetime.idle(), Map.of());
  }

  /**
   * Makes the session of a token.
   *
   * @throws UnreadableAttributeException if an attribute is of another version, or of a type that is no longer allowed
   */
  CookieSession(AttributeCodec codec, InstantSource time, Lifetime lifetime, CookieState stored, String token) {
    super(time, token, stored.created(), stored.lastAccessed(), stored.idle());
    this.codec = codec;
    this.lifetime = lifetime;
    this.stored = stored;
    stored.attributes().forEach((name, bytes) -> decoded.put(name, codec.decode(bytes)));
  }

  /** A read saves only a stale last access: its cookie could overwrite that of a concurrent write. */
  boolean isChanged() {
    return newTokenRequested || changesState() || isAccessDue(lifetime.lastAccessPersistInterval());
  }

  /** The state that the next token must hold. */
  CookieState state() {
    return new CookieState(stored.created(), now(), getLastAccessedTime(), stored.ends(), getMaxInactiveInterval(),
        attributeChanges().appliedTo(stored.attributes(), codec::encode));
  }

  void markSaved(CookieState state, String token) {
    stored = state;
    markSavedAs(token);
  }

  @Override
  public void discardChanges() {
    super.discardChanges();
    decoded.clear();
    newTokenRequested = false;
  }

  /** The new id is the next token, which only the save makes. */
  @Override
  public String changeSessionId() {
    newTokenRequested = true;
    return getId();
  }

  @Override
  protected @Nullable Object storedAttribute(String name) {
    byte[] bytes = stored.attributes().get(name);
    return bytes == null ? null : decoded.computeIfAbsent(name, _ -> codec.decode(bytes));
  }

  @Override
  protected Set<String> storedAttributeNames() {
    return stored.attributes().keySet();
  }

  /** Besides the idle timeout a cookie has an absolute one, because no server can revoke it. */
  @Override
  public boolean isExpired() {
    return stored.isExpiredAt(now());
  }
}
