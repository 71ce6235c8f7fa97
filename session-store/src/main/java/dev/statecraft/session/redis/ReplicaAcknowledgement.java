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
 * Waits, after a write, until enough replicas of Redis have it ({@code WAIT}). Thread-safe, as the template is; each
 * use holds one connection of its pool until then, for {@code WAIT} is about the writes of its own connection and
 * nothing else is answered on it meanwhile.
 */
final class ReplicaAcknowledgement {
  /** Longer than Redis itself needs to say that the time is over. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final int replicas;
  private final Duration atMost;

  /**
   * How many replicas, and how long.
   *
   * @param replicas 0 for a write that is acknowledged as soon as Redis has it
   * @param atMost for all of them to confirm one write
   */
  ReplicaAcknowledgement(int replicas, Duration atMost) {
    this.replicas = replicas;
    this.atMost = atMost;
  }

  /** Tells whether it waits for any replica. */
  boolean isAsked() {
    return replicas > 0;
  }

  /**
   * Writes, and waits.
   *
   * @return what the write returned
   * @throws SessionStoreException where too few replicas confirmed it in time: it was made, and may be lost or not
   */
  <T> T of(RedisTemplate<?, ?> redis, Supplier<T> write) {
    if (!isAsked()) {
      return write.get();
    }
    return Objects.requireNonNull(redis.execute(new SessionCallback<T>() {
      @Override
      public <K, V> T execute(RedisOperations<K, V> onOneConnection) {
        T result = write.get();
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
        return LettuceFutures.awaitOrCancel(commands.waitForReplication(replicas, atMost.toMillis()),
            atMost.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
      }, false);
    } catch (RedisException e) {
      throw RedisSessions.unavailable(e);
    }
    if (confirmed == null || confirmed < replicas) {
      throw new SessionStoreException(Reason.UNAVAILABLE,
          "Too few replicas of Redis confirmed the write. It may have been done.");
    }
  }
}
