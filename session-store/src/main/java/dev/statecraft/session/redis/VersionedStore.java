package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.UnreadableAttributeException;
import dev.statecraft.session.redis.VersionedHash.Read;
import java.time.Duration;
import java.time.Instant;
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
 * Sessions in Redis that are written by compare-and-set: a request whose attribute another one changed first is
 * refused, and nothing writes to a session that was ended or renamed. A read is one round trip, a write another, whose
 * script Redis runs with nothing in between (Optimistic concurrency: H. T. Kung, J. T. Robinson, <em>On Optimistic
 * Methods for Concurrency Control</em>, TODS 1981; here for each attribute).
 *
 * <p>Thread-safe. Each call waits at most for the command time-out of the connection. Rotation renames a key, so on a
 * Redis Cluster it would need both ids in one slot; it is made for one Redis, with or without replicas.
 */
final class VersionedStore implements RedisSessions<VersionedSession> {
  private static final Logger LOG = LoggerFactory.getLogger(VersionedStore.class);
  private static final String KEYS = "statecraft:session:sessions:";

  private final RedisTemplate<String, byte[]> redis = new RedisTemplate<>();
  private final DefaultRedisScript<String> write = new DefaultRedisScript<>();
  private final RedisConnectionFactory connections;
  private final VersionedHash hash;
  private final Duration timeout;
  private final Duration touchAfter;
  private final ReplicaAcknowledgement confirmation;
  private final InstantSource time;

  /** A store over connections that others own and close; {@code touchAfter} as in {@link RedisStore}. */
  VersionedStore(
      RedisConnectionFactory connections, AttributeCodec codec, Duration timeout, Duration touchAfter,
      ReplicaAcknowledgement confirmation, InstantSource time) {
    this.connections = connections;
    this.confirmation = confirmation;
    this.hash = new VersionedHash(codec);
    this.timeout = timeout;
    this.touchAfter = touchAfter;
    this.time = time;
    write.setLocation(new ClassPathResource("guarded-write.lua", VersionedStore.class));
    write.setResultType(String.class);
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
    return Optional.of(
        confirmation.isAsked()
            ? new Guarantee(
                "any node serves any session; no acknowledged write is lost to another request, nor by a failover to a"
                    + " replica that confirmed it",
                "of concurrent writes to one attribute all but the first are refused; no write without enough replicas",
                Set.of())
            : new Guarantee(
                "any node serves any session; no acknowledged write is lost to another request",
                "of concurrent writes to one attribute all but the first are refused; what Redis loses on failover is"
                    + " lost",
                Set.of()));
  }

  @Override
  public VersionedSession createSession() {
    return new VersionedSession(Instant.ofEpochMilli(time.millis()), timeout, touchAfter);
  }

  @Override
  public @Nullable VersionedSession findById(String id) {
    if (id.isBlank()) {
      return null;
    }
    Map<String, byte[]> fields;
    try {
      fields = redis.<String, byte[]>opsForHash().entries(KEYS + id);
    } catch (DataAccessException e) {
      throw RedisSessions.unavailable(e);
    }
    if (fields.isEmpty()) {
      return null;
    }
    Read read;
    try {
      read = hash.read(fields);
    } catch (UnreadableAttributeException e) {
      LOG.warn("A session in Redis was refused: {}", e.getMessage());
      return null;
    }
    boolean expired = !read.timeout().isNegative()
        && !time.instant().isBefore(read.lastAccessed().plus(read.timeout()));
    return expired ? null : new VersionedSession(id, read, touchAfter);
  }

  @Override
  public void save(VersionedSession session) {
    if (!session.mustBeSaved()) {
      return;
    }
    String from = session.storedId() == null ? session.getId() : session.storedId();
    boolean saved = false;
    try {
      Supplier<String> change = () -> redis.execute(
          write,
          RedisSerializer.byteArray(),
          RedisSerializer.string(),
          List.of(KEYS + from, KEYS + session.getId()),
          (Object[]) hash.arguments(session));
      // When it was last used may be forgotten.
      String answer = session.changesState() ? confirmation.of(redis, change) : change.get();
      switch (answer) {
        case "gone" -> RedisSessions.refuseIfItMatters(session.changesState());
        case "taken", "conflict" -> throw new SessionStoreException(
            Reason.CONFLICT, "Another request of this session changed the same first");
        default -> {
          session.wasSaved(Long.parseLong(answer));
          saved = true;
        }
      }
    } catch (DataAccessException e) {
      throw RedisSessions.unavailable(e);
    } finally {
      if (!saved) {
        session.wasRefused();
      }
    }
  }

  @Override
  public void deleteById(String id) {
    try {
      Boolean _ = confirmation.of(redis, () -> redis.delete(KEYS + id));
    } catch (DataAccessException e) {
      throw RedisSessions.unavailable(e);
    }
  }
}
