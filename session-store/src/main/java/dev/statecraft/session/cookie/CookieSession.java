package dev.statecraft.session.cookie;

import dev.statecraft.session.ChangeTrackingSession;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.attribute.StoredAttribute;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/** A session whose id is its encrypted state. So each save that changes something also changes the id. */
final class CookieSession extends ChangeTrackingSession {
  private final SessionStoreContext context;
  private CookieState stored;
  private boolean newTokenRequested;

  /** Makes a new session. No cookie holds it until it is saved, so its random id finds nothing. */
  CookieSession(SessionStoreContext context, Duration absoluteTimeout) {
    super(context);
    this.context = context;
    stored = new CookieState(
        UUID.randomUUID(), getCreationTime(), getCreationTime(), getCreationTime(),
        getCreationTime().plus(absoluteTimeout), context.timeout(), Map.of());
  }

  /** Makes the session of a token. */
  CookieSession(SessionStoreContext context, CookieState stored, Map<String, StoredAttribute> attributes,
      String token) {
    super(context, token, stored.created(), stored.lastAccessed(), stored.idle(), attributes);
    this.context = context;
    this.stored = stored;
  }

  /** A read saves only a stale last access: its cookie could overwrite that of a concurrent write. */
  boolean isChanged() {
    return newTokenRequested || changesState() || isAccessDue();
  }

  /** Every change is in the token only. */
  @Override
  public boolean changesToken() {
    return newTokenRequested || changesState();
  }

  /** The state as the client holds it. */
  CookieState stored() {
    return stored;
  }

  /** Whether cookies from before the next save must become invalid, where that is possible. */
  boolean replacesOldCookies() {
    return newTokenRequested && !isUnsaved();
  }

  /**
   * The state that the next token must hold. Its last access is the time of the save, so a slow request does not
   * replace a cookie by one that expires earlier.
   */
  CookieState state() {
    Instant now = now();
    Instant accessed = getLastAccessedTime().isAfter(now) ? getLastAccessedTime() : now;
    return new CookieState(
        newTokenRequested ? UUID.randomUUID() : stored.session(), stored.created(), now, accessed, stored.ends(),
        getMaxInactiveInterval(),
        attributeChanges().appliedTo(stored.attributes(), context.codec()::encode));
  }

  void markSaved(CookieState state, String token) {
    stored = state;
    markSavedAs(token);
  }

  @Override
  public void discardChanges() {
    super.discardChanges();
    newTokenRequested = false;
  }

  /** The new id is the next token, which only the save makes. */
  @Override
  public String changeSessionId() {
    newTokenRequested = true;
    return getId();
  }

  /** Besides the idle timeout a cookie has an absolute one, because a copy of it may be anywhere. */
  @Override
  public boolean isExpired() {
    return stored.isExpiredAt(now());
  }
}
