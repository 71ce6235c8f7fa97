package dev.statecraft.session.redis;

import dev.statecraft.session.ChangeTrackingSession;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.session.MapSession;
import org.springframework.session.data.redis.RedisSessionMapper;

/**
 * Maps a hash to a session only if the hash is complete and the session has not expired. Spring Session checks whether
 * the session exists and then writes, in two steps; a logout in between leaves an incomplete hash, which must not
 * become a session. If this mapper returns null, Spring Session's repository deletes the hash.
 */
final class CompleteSessionMapper implements BiFunction<String, Map<String, Object>, @Nullable MapSession> {
  private static final Logger log = LoggerFactory.getLogger(CompleteSessionMapper.class);

  private final RedisSessionMapper mapper = new RedisSessionMapper();
  private final InstantSource time;

  CompleteSessionMapper(InstantSource time) {
    this.time = time;
  }

  @Override
  public @Nullable MapSession apply(String id, Map<String, Object> hash) {
    MapSession session;
    try {
      session = mapper.apply(id, hash);
    } catch (IllegalStateException | ClassCastException e) {
      log.info("Incomplete session deleted from Redis, left by a save after a logout: {}", e.getMessage());
      return null;
    }
    boolean expired = ChangeTrackingSession.isExpired(time.instant(), session.getLastAccessedTime(),
        session.getMaxInactiveInterval());
    return expired ? null : session;
  }
}
