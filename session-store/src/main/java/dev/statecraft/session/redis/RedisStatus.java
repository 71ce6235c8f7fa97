package dev.statecraft.session.redis;

import dev.statecraft.session.ContractClause;
import dev.statecraft.session.Guarantee;
import dev.statecraft.session.SessionStoreStatus;
import dev.statecraft.session.redisclient.WriteProbe;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** Status of the strategy {@code redis}. Thread-safe. */
final class RedisStatus implements SessionStoreStatus {
  /** Setting in which a server keeps the host name that its sentinels know. */
  static final String ANNOUNCED_NAME = "replica-announce-ip";

  private final RedisConnectionFactory connections;
  private final RedisSessionRepository sessions;
  private final WriteMode mode;
  private final WriteProbe probe;

  RedisStatus(RedisConnectionFactory connections, RedisSessionRepository sessions, WriteMode mode, WriteProbe probe) {
    this.connections = connections;
    this.sessions = sessions;
    this.mode = mode;
    this.probe = probe;
  }

  /** Does not wait for replicas, so with {@code writes=confirmed} a node is ready to serve reads without them. */
  @Override
  public Optional<String> notReadyReason() {
    return probe.failure();
  }

  /** With sentinels it also reports the primary. */
  @Override
  public Map<String, @Nullable Object> details() {
    Map<String, @Nullable Object> details = new LinkedHashMap<>();
    details.put("sessions", size());
    if (connections instanceof LettuceConnectionFactory lettuce && lettuce.isRedisSentinelAware()) {
      details.put("primary", primary());
    }
    return details;
  }

  @Override
  public Optional<Guarantee> guarantee() {
    return switch (mode) {
      case LAST_WRITE_WINS -> Optional.empty();
      case COMPARE_AND_SET -> Optional.of(new Guarantee(
          "any node serves any session; no acknowledged write is lost to another request",
          "of concurrent writes to one attribute all but the first are refused; what Redis loses on failover is lost",
          Set.<ContractClause>of()));
      case CONFIRMED -> Optional.of(new Guarantee(
          "any node serves any session; no acknowledged write is lost to another request, nor by a failover to a"
              + " replica that confirmed it",
          "of concurrent writes to one attribute all but the first are refused; no write without enough replicas",
          Set.<ContractClause>of()));
    };
  }

  /** Asks the server itself for its name: the first sentinel may have failed together with the previous primary. */
  private @Nullable String primary() {
    try (RedisConnection connection = connections.getConnection()) {
      Properties config = connection.serverCommands().getConfig(ANNOUNCED_NAME);
      String name = config == null ? null : config.getProperty(ANNOUNCED_NAME);
      return name == null || name.isEmpty() ? null : name;
    } catch (DataAccessException | IllegalStateException e) {
      return null;
    }
  }

  private @Nullable Long size() {
    try {
      return sessions.indexes().size();
    } catch (DataAccessException | IllegalStateException e) {
      return null;
    }
  }
}
