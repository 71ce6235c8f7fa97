package dev.statecraft.session.redis;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.session.MapSession;
import org.springframework.session.data.redis.RedisSessionMapper;

/**
 * Reads a session's hash only when it is whole and has not expired. Spring Session asks whether the session exists and
 * writes in two steps; a logout between them leaves a hash of a few fields, which must not come back as a session. To
 * give null makes the repository delete it.
 */
final class WholeSessions implements BiFunction<String, Map<String, Object>, @Nullable MapSession> {
  private static final Logger LOG = LoggerFactory.getLogger(WholeSessions.class);

  private final RedisSessionMapper mapper = new RedisSessionMapper();
  private final InstantSource time;

  WholeSessions(InstantSource time) {
    this.time = time;
  }

  @Override
  public @Nullable MapSession apply(String id, Map<String, Object> hash) {
    MapSession session;
    try {
      session = mapper.apply(id, hash);
    } catch (IllegalStateException | ClassCastException e) {
      LOG.info("What was left of an ended session in Redis is removed: {}", e.getMessage());
      return null;
    }
    boolean expired = !session.getMaxInactiveInterval().isNegative()
        && !time.instant().isBefore(session.getLastAccessedTime().plus(session.getMaxInactiveInterval()));
    return expired ? null : session;
  }
}
