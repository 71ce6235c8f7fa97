package dev.statecraft.session.cookie;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.redisclient.ConnectionMonitor;
import dev.statecraft.session.redisclient.WriteProbe;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;

/**
 * The ids of revoked sessions, in Redis, each until its cookies would have expired. Thread-safe. Each call waits at
 * most for the command timeout of the connection.
 */
final class RedisDenyList {
  private final StringRedisTemplate redis;
  private final String namespace;
  private final ConnectionMonitor connectionMonitor;
  private final WriteProbe probe;

  RedisDenyList(RedisConnectionFactory connections, String namespace, ConnectionMonitor connectionMonitor) {
    redis = new StringRedisTemplate(connections);
    this.namespace = namespace;
    this.connectionMonitor = connectionMonitor;
    probe = new WriteProbe(connections, namespace, connectionMonitor);
  }

  /**
   * Tells whether a session was revoked.
   *
   * @throws SessionStoreException if Redis does not answer: the cookie may be one that must not be accepted
   */
  boolean isRevoked(UUID session) {
    return call(() -> Boolean.TRUE.equals(redis.hasKey(key(session))));
  }

  /** Revokes a session. Does nothing if its cookies have expired. */
  void revoke(UUID session, Duration cookiesValidFor) {
    if (cookiesValidFor.isPositive()) {
      boolean _ = call(() -> {
        redis.opsForValue().set(key(session), "1", cookiesValidFor.plusSeconds(1));
        return true;
      });
    }
  }

  /** Returns why this node can revoke nothing, in one line. Empty if it can. */
  Optional<String> failure() {
    return probe.failure();
  }

  private String key(UUID session) {
    return namespace + ":session-revoked:" + session;
  }

  private <T> T call(Supplier<T> operation) {
    try {
      return operation.get();
    } catch (DataAccessException | IllegalStateException e) {
      connectionMonitor.onFailure(e);
      throw new SessionStoreException(Reason.UNAVAILABLE, "Redis, which holds the deny list, did not answer in time",
          e);
    }
  }
}
