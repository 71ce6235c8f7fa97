package dev.statecraft.session.redisclient;

import java.time.Duration;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * Finds out whether Redis accepts writes, by a write: a server that answers may still refuse them, as a primary that
 * was demoted does, or one whose memory or disk is full. Thread-safe.
 */
public final class WriteProbe {
  private static final Duration KEY_TIMEOUT = Duration.ofMinutes(1);

  private final StringRedisTemplate redis;
  private final String key;
  private final ConnectionMonitor connectionMonitor;

  public WriteProbe(RedisConnectionFactory connections, String namespace, ConnectionMonitor connectionMonitor) {
    redis = new StringRedisTemplate(connections);
    key = namespace + ":session-write-probe";
    this.connectionMonitor = connectionMonitor;
  }

  /** Returns why Redis accepts no write, in one line. Empty if it does. */
  public Optional<String> failure() {
    try {
      redis.opsForValue().set(key, "1", KEY_TIMEOUT);
      connectionMonitor.probed(ProbedRedis.ACCEPTS_WRITES);
      return Optional.empty();
    } catch (DataAccessException | IllegalStateException e) {
      connectionMonitor.onFailure(e);
      connectionMonitor.probed(ProbedRedis.of(e));
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Optional.of("Redis accepts no write: " + cause.getMessage());
    }
  }
}
