package dev.statecraft.session.cookie;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.UnreadableAttributeException;
import dev.statecraft.signing.KeyRing;
import dev.statecraft.signing.TokenCipher;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * Sessions that no server holds: a session's id is its encrypted state, and the client sends it with each request. So
 * every node serves every session, but no node can revoke a session or detect conflicts: a logout only asks the client
 * to delete its cookie, concurrent responses overwrite each other's cookie, and a copied cookie restores its state
 * until it expires.
 *
 * <p>A token that is forged, damaged, expired or encrypted under a removed key finds no session. Thread-safe; never
 * blocks.
 */
final class CookieSessionRepository implements SessionRepository<CookieSession>, SessionStoreStatus {
  /** Size of a cookie's name and value that every browser supports (RFC 6265, section 6.1). */
  static final int MAX_COOKIE_BYTES = 4_096;
  private static final int NAME_BYTES = "SESSION=".length();

  private final TokenCipher cipher;
  private final AttributeCodec codec;
  private final Lifetime lifetime;
  private final InstantSource time;

  CookieSessionRepository(KeyRing keys, AttributeCodec codec, Lifetime lifetime, InstantSource time) {
    this.cipher = keys.cipher("statecraft/session/seal");
    this.codec = codec;
    this.lifetime = lifetime;
    this.time = time;
  }

  @Override
  public CookieSession createSession() {
    return new CookieSession(codec, time, lifetime);
  }

  @Override
  public @Nullable CookieSession findById(String token) {
    if (NAME_BYTES + token.length() > MAX_COOKIE_BYTES) {
      return null;
    }
    return cipher.decrypt(token).flatMap(CookieState::fromBytes).filter(state -> !state.isExpiredAt(time.instant()))
        .map(state -> open(state, token)).orElse(null);
  }

  private @Nullable CookieSession open(CookieState state, String token) {
    try {
      return new CookieSession(codec, time, lifetime, state, token);
    } catch (UnreadableAttributeException otherVersion) {
      return null;
    }
  }

  @Override
  public void save(CookieSession session) {
    if (!session.isChanged()) {
      return;
    }
    try {
      CookieState state = session.state();
      String token = cipher.encrypt(state.toBytes());
      int bytes = NAME_BYTES + token.length();
      if (bytes > MAX_COOKIE_BYTES) {
        throw new SessionStoreException(Reason.TOO_LARGE, "The session needs a cookie of " + bytes
            + " bytes, but browsers keep at most " + MAX_COOKIE_BYTES + " bytes; the change was not saved");
      }
      session.markSaved(state, token);
    } finally {
      session.discardChanges();
    }
  }

  /** Does nothing: Spring Session's filter asks the client to delete its cookie. A copy of the cookie stays valid. */
  @Override
  public void deleteById(String token) {
    // No server holds the session.
  }

  @Override
  public Optional<String> notReadyReason() {
    return Optional.empty();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new HashMap<>();
    details.put("sessions", null);
    return details;
  }
}
