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
 * Spring Session's own Redis repository, with the errors that this library promises. Any node serves any session; of
 * two concurrent requests that change the same attribute the last write wins.
 *
 * <p>Thread-safe. Each call waits at most for the command time-out of the connection.
 *
 * @param <S> Spring Session's own session class, which it does not let others name
 */
final class RedisStore<S extends Session> implements RedisSessions<RedisSession<S>> {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);
  private static final String NAMESPACE = "statecraft:session";
  /** What {@link RedisSessionRepository} says when the session that it should save is gone. */
  private static final String GONE = "Session was invalidated";
  /** What Redis says when the session whose id should change is gone. */
  private static final String NO_SUCH_KEY = "no such key";

  private final SessionRepository<S> sessions;
  private final RedisConnectionFactory connections;
  private final Duration touchAfter;

  private RedisStore(SessionRepository<S> sessions, RedisConnectionFactory connections, Duration touchAfter) {
    this.sessions = sessions;
    this.connections = connections;
    this.touchAfter = touchAfter;
  }

  /**
   * Makes the store over a connection that others own and close.
   *
   * @param touchAfter how old the recorded last access may grow before a mere read records it again
   */
  @SuppressWarnings("NullAway") // Spring Session takes a null from the mapper for "no session", but does not declare it
  static RedisStore<?> on(
      RedisConnectionFactory connections, AttributeCodec codec, Duration timeout, Duration touchAfter,
      InstantSource time) {
    RedisTemplate<String, Object> template = new RedisTemplate<>();
    template.setConnectionFactory(connections);
    template.setKeySerializer(RedisSerializer.string());
    template.setHashKeySerializer(RedisSerializer.string());
    template.setHashValueSerializer(new AttributeTypeAllowList(codec));
    // The default serializer would be Java serialization.
    template.setEnableDefaultSerializer(false);
    template.afterPropertiesSet();
    RedisSessionRepository repository = new RedisSessionRepository(template);
    repository.setDefaultMaxInactiveInterval(timeout);
    repository.setRedisKeyNamespace(NAMESPACE);
    repository.setRedisSessionMapper(new WholeSessions(time));
    return over(repository, connections, touchAfter);
  }

  static <S extends Session> RedisStore<S> over(
      SessionRepository<S> repository, RedisConnectionFactory connections, Duration touchAfter) {
    return new RedisStore<>(repository, connections, touchAfter);
  }

  @Override
  public RedisSession<S> createSession() {
    return new RedisSession<>(sessions.createSession(), true, touchAfter);
  }

  @Override
  public @Nullable RedisSession<S> findById(String id) {
    if (id.isBlank()) {
      return null;
    }
    try {
      S found = sessions.findById(id);
      return found == null ? null : new RedisSession<>(found, false, touchAfter);
    } catch (UnreadableAttributeException e) {
      LOG.warn("A session in Redis was refused: {}", e.getMessage());
      return null;
    } catch (DataAccessException e) {
      throw RedisSessions.unavailable(e);
    }
  }

  @Override
  public void save(RedisSession<S> session) {
    if (!session.mustBeSaved()) {
      return;
    }
    boolean saved = false;
    try {
      sessions.save(session.toSave());
      saved = true;
    } catch (IllegalStateException e) {
      if (!GONE.equals(e.getMessage())) {
        throw RedisSessions.unavailable(e);
      }
      RedisSessions.refuseIfItMatters(session.changesState());
    } catch (DataAccessException e) {
      if (!says(e, NO_SUCH_KEY)) {
        throw RedisSessions.unavailable(e);
      }
      RedisSessions.refuseIfItMatters(session.changesState());
    } finally {
      if (saved) {
        session.wasSaved();
      } else {
        session.wasRefused();
      }
    }
  }

  @Override
  public void deleteById(String id) {
    try {
      sessions.deleteById(id);
    } catch (DataAccessException e) {
      throw RedisSessions.unavailable(e);
    }
  }

  @Override
  public RedisConnectionFactory connections() {
    return connections;
  }

  private static boolean says(DataAccessException failure, String words) {
    Throwable cause = failure.getCause();
    return cause != null && cause.getMessage() != null && cause.getMessage().contains(words);
  }
}
