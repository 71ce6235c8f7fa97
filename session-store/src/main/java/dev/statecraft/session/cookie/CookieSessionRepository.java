package dev.statecraft.session.cookie;

import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.TokenCipher;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * Sessions that no server holds: a session's id is its encrypted state, and the client sends it with each request. So
 * every node serves every session, but no node detects conflicts: concurrent responses overwrite each other's cookie.
 * Without a deny list no node can revoke a session: a logout only asks the client to delete its cookie, and a copied
 * cookie restores its state until it expires.
 *
 * <p>A token that is forged, damaged, expired or encrypted under a removed key finds no session. Thread-safe; blocks
 * only on the deny list.
 */
final class CookieSessionRepository implements SessionRepository<CookieSession>, SessionStoreStatus {
  /** Size of a cookie's name and value that every browser supports (RFC 6265, section 6.1). */
  static final int MAX_COOKIE_BYTES = 4_096;

  private final SessionStoreContext context;
  private final TokenCipher cipher;
  private final Duration absoluteTimeout;
  private final int nameBytes;
  private final @Nullable RedisDenyList denyList;

  /**
   * Makes the repository.
   *
   * @param absoluteTimeout time from login to the end of a session, even if it is in use
   * @param cookieName counts towards the size of a cookie
   * @param denyList null if sessions cannot be revoked
   */
  CookieSessionRepository(SessionStoreContext context, KeyRing keys, Duration absoluteTimeout, String cookieName,
      @Nullable RedisDenyList denyList) {
    this.context = context;
    this.cipher = keys.cipher("statecraft/session/seal/" + context.namespace());
    this.absoluteTimeout = absoluteTimeout;
    this.nameBytes = cookieName.length() + 1;
    this.denyList = denyList;
  }

  @Override
  public CookieSession createSession() {
    return new CookieSession(context, absoluteTimeout);
  }

  @Override
  public @Nullable CookieSession findById(String token) {
    Optional<CookieState> state = valid(token);
    if (state.isEmpty() || (denyList != null && denyList.isRevoked(state.get().session()))) {
      return null;
    }
    return open(state.get(), token).orElse(null);
  }

  private Optional<CookieState> valid(String token) {
    if (nameBytes + token.length() > MAX_COOKIE_BYTES) {
      return Optional.empty();
    }
    return cipher.decrypt(token).flatMap(CookieState::fromBytes).filter(state -> !state.isExpiredAt(context.now()));
  }

  private Optional<CookieSession> open(CookieState state, String token) {
    return context.attributes().read(state.attributes())
        .map(attributes -> new CookieSession(context, state, attributes, token));
  }

  @Override
  public void save(CookieSession session) {
    if (!session.isChanged()) {
      return;
    }
    try {
      boolean isNew = session.isUnsaved();
      rejectIfRevoked(session);
      CookieState old = session.stored();
      CookieState state = session.state();
      String token = cipher.encrypt(state.toBytes());
      int bytes = nameBytes + token.length();
      if (bytes > MAX_COOKIE_BYTES) {
        throw new SessionStoreException(
            Reason.TOO_LARGE,
            "The session needs a cookie of " + bytes + " bytes, but browsers keep at most " + MAX_COOKIE_BYTES
                + " bytes; the change was not saved");
      }
      if (session.replacesOldCookies()) {
        revoke(old);
      }
      session.markSaved(state, token);
      if (isNew) {
        context.events().created(session);
      }
    } finally {
      session.discardChanges();
    }
  }

  /** A cookie that is already revoked would be of no use, so the change is refused. */
  private void rejectIfRevoked(CookieSession session) {
    if (denyList != null && session.changesToken() && !session.isUnsaved()
        && denyList.isRevoked(session.stored().session())) {
      throw new SessionStoreException(Reason.CONFLICT,
          "Another request ended the session or changed its id first; read it again, then repeat");
    }
  }

  /**
   * Revokes the session if there is a deny list. Otherwise a copy of the cookie stays valid: Spring Session's filter
   * only asks the client to delete it.
   */
  @Override
  public void deleteById(String token) {
    valid(token).ifPresent(state -> {
      revoke(state);
      open(state, token).ifPresent(context.events()::deleted);
    });
  }

  private void revoke(CookieState state) {
    if (denyList != null) {
      denyList.revoke(state.session(), Duration.between(context.now(), state.ends()));
    }
  }

  @Override
  public Optional<String> notReadyReason() {
    return denyList == null ? Optional.empty() : denyList.failure();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new HashMap<>();
    details.put("sessions", null);
    return details;
  }

  @Override
  public Optional<Guarantee> guarantee() {
    return denyList == null ? Optional.empty() : Optional.of(CookieGuarantees.WITH_DENY_LIST);
  }
}
