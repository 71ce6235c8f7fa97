package dev.statecraft.session.redis;

import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.SessionStoreStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

/** What all stores in Redis share: status and errors. */
sealed interface RedisSessionStore<S extends Session> extends SessionRepository<S>, SessionStoreStatus
    permits LastWriteWinsStore, VersionedStore {

  /** Setting in which a server keeps the host name that its sentinels know. */
  String ANNOUNCED_NAME = "replica-announce-ip";

  /** The connections, which the caller owns and closes. */
  RedisConnectionFactory connections();

  @Override
  default Optional<String> notReadyReason() {
    try (RedisConnection connection = connections().getConnection()) {
      return "PONG".equals(connection.ping())
          ? Optional.empty()
          : Optional.of("Redis answers PING with something else than PONG");
    } catch (DataAccessException | IllegalStateException e) {
      return Optional.of("Redis does not respond");
    }
  }

  /**
   * Reports the number of keys of the Redis database as the number of sessions, because a scan would be O(n): use the
   * database only for sessions. With sentinels it also reports the primary.
   */
  @Override
  default Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new LinkedHashMap<>();
    details.put("sessions", keys());
    if (connections() instanceof LettuceConnectionFactory lettuce && lettuce.isRedisSentinelAware()) {
      details.put("primary", primary());
    }
    return details;
  }

  /** Rejects a save of a session that was deleted or renamed meanwhile, unless the save changes no state. */
  static void rejectSaveOfMissing(boolean changesState) {
    if (changesState) {
      throw new SessionStoreException(Reason.CONFLICT,
          "Another request deleted or renamed the session; read it again, then repeat");
    }
  }

  /** The error for a call that failed in Redis or on the connection to it. */
  static SessionStoreException unavailable(Exception cause) {
    return new SessionStoreException(Reason.UNAVAILABLE, "Redis did not answer in time", cause);
  }

  /** Asks the server itself for its name: the first sentinel may have failed together with the previous primary. */
  private @Nullable String primary() {
    try (RedisConnection connection = connections().getConnection()) {
      Properties config = connection.serverCommands().getConfig(ANNOUNCED_NAME);
      String name = config == null ? null : config.getProperty(ANNOUNCED_NAME);
      return name == null || name.isEmpty() ? null : name;
    } catch (DataAccessException | IllegalStateException e) {
      return null;
    }
  }

  private @Nullable Long keys() {
    try (RedisConnection connection = connections().getConnection()) {
      return connection.serverCommands().dbSize();
    } catch (DataAccessException | IllegalStateException e) {
      return null;
    }
  }
}
