package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.UnreadableAttributeException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.RedisSessionRepository;

/**
 * Spring Session's own Redis repository, with this library's errors. Any node serves any session. If two concurrent
 * requests change the same attribute, the last write wins.
 *
 * <p>Thread-safe. Each call waits at most for the command timeout of the connection.
 *
 * @param <S> Spring Session's own session class, which is not public
 */
final class LastWriteWinsStore<S extends Session> implements RedisSessionStore<LastWriteWinsSession<S>> {
  private static final Logger log = LoggerFactory.getLogger(LastWriteWinsStore.class);
  private static final String NAMESPACE = "statecraft:session";
  /** Message of {@link RedisSessionRepository} when the session to save does not exist. */
  private static final String SESSION_MISSING = "Session was invalidated";
  /** Error of Redis when the key to rename does not exist. */
  private static final String KEY_MISSING = "no such key";

  private final SessionRepository<S> sessions;
  private final RedisConnectionFactory connections;
  private final Duration persistInterval;
  private final InstantSource time;

  private LastWriteWinsStore(SessionRepository<S> sessions, RedisConnectionFactory connections,
      Duration persistInterval, InstantSource time) {
    this.sessions = sessions;
    this.connections = connections;
    this.persistInterval = persistInterval;
    this.time = time;
  }

  /**
   * Makes the store.
   *
   * @param connections the caller owns and closes them
   * @param persistInterval how old the stored last access must be before a read stores it again
   */
  @SuppressWarnings("NullAway") // Spring Session accepts null from the mapper, but does not declare it
  static LastWriteWinsStore<?> create(RedisConnectionFactory connections, AttributeCodec codec, Duration timeout,
      Duration persistInterval, InstantSource time) {
    RedisTemplate<String, Object> template = new RedisTemplate<>();
    template.setConnectionFactory(connections);
    template.setKeySerializer(RedisSerializer.string());
    template.setHashKeySerializer(RedisSerializer.string());
    template.setHashValueSerializer(new AttributeSerializer(codec));
    // The default serializer would be Java serialization.
    template.setEnableDefaultSerializer(false);
    template.afterPropertiesSet();
    RedisSessionRepository repository = new RedisSessionRepository(template);
    repository.setDefaultMaxInactiveInterval(timeout);
    repository.setRedisKeyNamespace(NAMESPACE);
    repository.setRedisSessionMapper(new CompleteSessionMapper(time));
    return create(repository, connections, persistInterval, time);
  }

  static <S extends Session> LastWriteWinsStore<S> create(SessionRepository<S> repository,
      RedisConnectionFactory connections, Duration persistInterval, InstantSource time) {
    return new LastWriteWinsStore<>(repository, connections, persistInterval, time);
  }

  @Override
  public LastWriteWinsSession<S> createSession() {
    return new LastWriteWinsSession<>(sessions.createSession(), true, persistInterval, time);
  }

  @Override
  public @Nullable LastWriteWinsSession<S> findById(String id) {
    if (id.isBlank()) {
      return null;
    }
    try {
      S found = sessions.findById(id);
      return found == null ? null : new LastWriteWinsSession<>(found, false, persistInterval, time);
    } catch (UnreadableAttributeException e) {
      log.warn("Session in Redis ignored: {}", e.getMessage());
      return null;
    } catch (DataAccessException e) {
      throw RedisSessionStore.unavailable(e);
    }
  }

  @Override
  public void save(LastWriteWinsSession<S> session) {
    if (!session.needsSave()) {
      return;
    }
    boolean saved = false;
    try {
      sessions.save(session.delegateWithChanges());
      saved = true;
    } catch (IllegalStateException e) {
      if (!SESSION_MISSING.equals(e.getMessage())) {
        throw RedisSessionStore.unavailable(e);
      }
      RedisSessionStore.rejectSaveOfMissing(session.changesState());
    } catch (DataAccessException e) {
      if (!hasCause(e, KEY_MISSING)) {
        throw RedisSessionStore.unavailable(e);
      }
      RedisSessionStore.rejectSaveOfMissing(session.changesState());
    } finally {
      if (saved) {
        session.markStored();
      } else {
        session.markRejected();
      }
    }
  }

  @Override
  public void deleteById(String id) {
    try {
      sessions.deleteById(id);
    } catch (DataAccessException e) {
      throw RedisSessionStore.unavailable(e);
    }
  }

  @Override
  public RedisConnectionFactory connections() {
    return connections;
  }

  private static boolean hasCause(DataAccessException failure, String message) {
    Throwable cause = failure.getCause();
    return cause != null && cause.getMessage() != null && cause.getMessage().contains(message);
  }
}
