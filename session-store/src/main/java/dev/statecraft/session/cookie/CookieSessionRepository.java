package dev.statecraft.session.cookie;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.UnreadableAttributeException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SessionRepository;

/**
 * Sessions that no server holds: a session's id is its whole state, sealed, and the client brings it with each request.
 * So every node serves every session, and none can forget, revoke or compare: a logout only asks the client to drop its
 * cookie, two concurrent answers overwrite each other's state at the client, and a cookie that was kept opens the state
 * of its day until it expires.
 *
 * <p>A token that is forged, damaged, expired, or sealed under a key that was dropped is no session. Thread-safe; never
 * blocks.
 */
final class CookieSessionRepository implements SessionRepository<CookieSession>, SessionStoreStatus {
  /** Name and value of one cookie, as much as every browser keeps (RFC 6265, section 6.1). */
  static final int MOST_BYTES = 4_096;
  private static final int NAME_BYTES = "SESSION=".length();

  private final Seal seal;
  private final AttributeCodec codec;
  private final Lifetime lifetime;
  private final InstantSource time;

  CookieSessionRepository(Seal seal, AttributeCodec codec, Lifetime lifetime, InstantSource time) {
    this.seal = seal;
    this.codec = codec;
    this.lifetime = lifetime;
    this.time = time;
  }

  @Override
  public CookieSession createSession() {
    return CookieSession.fresh(codec, time, lifetime);
  }

  @Override
  public @Nullable CookieSession findById(String token) {
    if (NAME_BYTES + token.length() > MOST_BYTES) {
      return null;
    }
    return seal
        .open(token)
        .flatMap(SealedState::ofBytes)
        .filter(state -> !state.expiredAt(time.instant()))
        .map(state -> opened(state, token))
        .orElse(null);
  }

  private @Nullable CookieSession opened(SealedState state, String token) {
    try {
      return CookieSession.opened(codec, time, lifetime, state, token);
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
      SealedState state = session.state();
      String token = seal.close(state.toBytes());
      int bytes = NAME_BYTES + token.length();
      if (bytes > MOST_BYTES) {
        throw new SessionStoreException(
            Reason.TOO_LARGE,
            "The session would take a cookie of " + bytes + " bytes; browsers keep " + MOST_BYTES
                + ". It stays as it was");
      }
      session.sealedAs(state, token);
    } finally {
      // Whether it was kept or refused: Spring Session saves a second time on the way out, which must change nothing.
      session.forgetChanges();
    }
  }

  /** Does nothing: that the client drops its cookie is the filter's to ask. A cookie that was kept still opens. */
  @Override
  public void deleteById(String token) {
    // No server holds anything that could be deleted.
  }

  @Override
  public Optional<String> whyNotReady() {
    return Optional.empty();
  }

  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new HashMap<>();
    details.put("sessions", null);
    return details;
  }
}
