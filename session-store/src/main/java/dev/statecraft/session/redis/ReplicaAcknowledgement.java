package dev.statecraft.session.redis;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.SessionCallback;

/**
 * Waits after a write until enough replicas of Redis have it ({@code WAIT}). Each write holds one connection of the
 * pool until then: {@code WAIT} covers the writes of its own connection and blocks it. Thread-safe.
 */
final class ReplicaAcknowledgement {
  /** Added to the client's timeout, so that Redis reports the timeout first. */
  private static final Duration RESPONSE_MARGIN = Duration.ofMillis(500);

  private final int replicas;
  private final Duration timeout;

  /**
   * Sets how many replicas must confirm a write.
   *
   * @param replicas 0 to wait for none
   * @param timeout for all of them together
   */
  ReplicaAcknowledgement(int replicas, Duration timeout) {
    this.replicas = replicas;
    this.timeout = timeout;
  }

  /** Tells whether a write waits for replicas. */
  boolean isRequired() {
    return replicas > 0;
  }

  /**
   * Writes and waits.
   *
   * @return the result of the write
   * @throws SessionStoreException if too few replicas confirmed it in time: the primary has the write, which a failover
   * may lose
   */
  <T> T write(RedisTemplate<?, ?> redis, Supplier<T> operation) {
    if (!isRequired()) {
      return operation.get();
    }
    return Objects.requireNonNull(redis.execute(new SessionCallback<T>() {
      @Override
      public <K, V> T execute(RedisOperations<K, V> sameConnection) {
        T result = operation.get();
        await(redis);
        return result;
      }
    }));
  }

  private void await(RedisTemplate<?, ?> redis) {
    Long confirmed;
    try {
      confirmed = redis.execute(connection -> {
        RedisClusterAsyncCommands<?, ?> commands = (RedisClusterAsyncCommands<?, ?>) connection.getNativeConnection();
        return LettuceFutures.awaitOrCancel(commands.waitForReplication(replicas, timeout.toMillis()),
            timeout.plus(RESPONSE_MARGIN).toMillis(), TimeUnit.MILLISECONDS);
      }, false);
    } catch (RedisException e) {
      throw new SessionStoreException(Reason.UNAVAILABLE, "Redis did not confirm the write in time", e);
    }
    if (confirmed == null || confirmed < replicas) {
      throw new SessionStoreException(Reason.UNAVAILABLE,
          "Only " + (confirmed == null ? 0 : confirmed) + " of " + replicas
              + " required replicas of Redis confirmed the"
              + " write within " + timeout.toMillis() + " ms. The write may have been done.");
    }
  }
}
