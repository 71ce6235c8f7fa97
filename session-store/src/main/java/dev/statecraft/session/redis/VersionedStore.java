package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.UnreadableAttributeException;
import dev.statecraft.session.redis.VersionedHash.Read;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * Sessions in Redis that are written by compare-and-set: optimistic concurrency control per attribute (H. T. Kung, J.
 * T. Robinson, <em>On Optimistic Methods for Concurrency Control</em>, TODS 1981). A change is rejected if another
 * request changed the same attribute first, or deleted or renamed the session. A read is one round trip; a write is one
 * script, which Redis runs atomically.
 *
 * <p>Thread-safe. Each call waits at most for the command timeout of the connection. Not for Redis Cluster: rotation
 * renames a key, which would need both ids in one slot.
 */
final class VersionedStore implements RedisSessionStore<VersionedSession> {
  private static final Logger log = LoggerFactory.getLogger(VersionedStore.class);
  private static final String KEY_PREFIX = "statecraft:session:sessions:";

  private final RedisTemplate<String, byte[]> redis = new RedisTemplate<>();
  private final DefaultRedisScript<String> script = new DefaultRedisScript<>();
  private final RedisConnectionFactory connections;
  private final VersionedHash hash;
  private final Duration timeout;
  private final Duration persistInterval;
  private final ReplicaAcknowledgement acknowledgement;
  private final InstantSource time;

  /**
   * Makes the store.
   *
   * @param connections the caller owns and closes them
   * @param persistInterval how old the stored last access must be before a read stores it again
   */
  VersionedStore(RedisConnectionFactory connections, AttributeCodec codec, Duration timeout, Duration persistInterval,
      ReplicaAcknowledgement acknowledgement, InstantSource time) {
    this.connections = connections;
    this.acknowledgement = acknowledgement;
    this.hash = new VersionedHash(codec);
    this.timeout = timeout;
    this.persistInterval = persistInterval;
    this.time = time;
    script.setLocation(new ClassPathResource("versioned-write.lua", VersionedStore.class));
    script.setResultType(String.class);
    redis.setConnectionFactory(connections);
    redis.setKeySerializer(RedisSerializer.string());
    redis.setHashKeySerializer(RedisSerializer.string());
    redis.setHashValueSerializer(RedisSerializer.byteArray());
    redis.setEnableDefaultSerializer(false);
    redis.afterPropertiesSet();
  }

  @Override
  public RedisConnectionFactory connections() {
    return connections;
  }

  @Override
  public Optional<Guarantee> guarantee() {
    return Optional.of(acknowledgement.isRequired()
        ? new Guarantee(
            "any node serves any session; no acknowledged write is lost to another request, nor by a failover to a"
                + " replica that confirmed it",
            "of concurrent writes to one attribute all but the first are refused; no write without enough replicas",
            Set.of())
        : new Guarantee("any node serves any session; no acknowledged write is lost to another request",
            "of concurrent writes to one attribute all but the first are refused; what Redis loses on failover is"
                + " lost",
            Set.of()));
  }

  @Override
  public VersionedSession createSession() {
    return new VersionedSession(time, timeout, persistInterval);
  }

  @Override
  public @Nullable VersionedSession findById(String id) {
    if (id.isBlank()) {
      return null;
    }
    Map<String, byte[]> fields;
    try {
      fields = redis.<String, byte[]>opsForHash().entries(KEY_PREFIX + id);
    } catch (DataAccessException e) {
      throw RedisSessionStore.unavailable(e);
    }
    if (fields.isEmpty()) {
      return null;
    }
    Read read;
    try {
      read = hash.read(fields);
    } catch (UnreadableAttributeException e) {
      log.warn("Session in Redis ignored: {}", e.getMessage());
      return null;
    }
    VersionedSession session = new VersionedSession(time, id, read, persistInterval);
    return session.isExpired() ? null : session;
  }

  @Override
  public void save(VersionedSession session) {
    if (!session.needsSave()) {
      return;
    }
    boolean saved = false;
    try {
      Supplier<String> change = () -> redis.execute(script, RedisSerializer.byteArray(), RedisSerializer.string(),
          List.of(KEY_PREFIX + session.storedId(), KEY_PREFIX + session.getId()),
          (Object[]) hash.scriptArguments(session));
      // A lost last access is acceptable.
      String answer = session.changesState() ? acknowledgement.write(redis, change) : change.get();
      switch (answer) {
        case "gone" -> RedisSessionStore.rejectSaveOfMissing(session.changesState());
        case "taken", "conflict" -> throw new SessionStoreException(Reason.CONFLICT,
            "Another request changed the same attribute of this session first; read it again, then repeat");
        default -> {
          session.markStored(Long.parseLong(answer));
          saved = true;
        }
      }
    } catch (DataAccessException e) {
      throw RedisSessionStore.unavailable(e);
    } finally {
      if (!saved) {
        session.markRejected();
      }
    }
  }

  @Override
  public void deleteById(String id) {
    try {
      Boolean _ = acknowledgement.write(redis, () -> redis.delete(KEY_PREFIX + id));
    } catch (DataAccessException e) {
      throw RedisSessionStore.unavailable(e);
    }
  }
}
