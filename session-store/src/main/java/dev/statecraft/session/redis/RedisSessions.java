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

/** What every way to keep sessions in Redis has in common. */
sealed interface RedisSessions<S extends Session> extends SessionRepository<S>, SessionStoreStatus
    permits RedisStore, VersionedStore {

  /** Where a server under sentinels keeps the name that they know it by. */
  String ITS_NAME = "replica-announce-ip";

  /** Connections that others own and close. */
  RedisConnectionFactory connections();

  @Override
  default Optional<String> whyNotReady() {
    try (RedisConnection connection = connections().getConnection()) {
      return "PONG".equals(connection.ping()) ? Optional.empty() : Optional.of("Redis does not answer a ping");
    } catch (DataAccessException | IllegalStateException e) {
      return Optional.of("Redis does not answer");
    }
  }

  /**
   * Counts the keys of the Redis database, which is to be used for sessions alone: a scan would cost each caller O(n).
   * Under sentinels it also names the server that it writes to.
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

  /** What a caller is told whose session was ended or renamed meanwhile: nothing, where it loses nothing by that. */
  static void refuseIfItMatters(boolean changesState) {
    if (changesState) {
      throw new SessionStoreException(Reason.CONFLICT, "The session was ended or renamed by another request");
    }
  }

  /** What a caller is told whose call failed in Redis, or on the way there. */
  static SessionStoreException unavailable(Exception cause) {
    return new SessionStoreException(Reason.UNAVAILABLE, "Redis did not answer in time", cause);
  }

  /**
   * The name that the server goes by; the sentinels are not asked, for the first of them may have ended with the last
   * one.
   */
  private @Nullable String primary() {
    try (RedisConnection connection = connections().getConnection()) {
      Properties told = connection.serverCommands().getConfig(ITS_NAME);
      String name = told == null ? null : told.getProperty(ITS_NAME);
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
