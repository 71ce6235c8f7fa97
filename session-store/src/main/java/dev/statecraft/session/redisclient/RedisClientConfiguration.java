package dev.statecraft.session.redisclient;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.resource.Delay;
import io.lettuce.core.resource.EpollProvider;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Settings of the Redis client. Address and timeouts come from {@code spring.data.redis.*}, as in every Spring Boot
 * application. {@code timeout} and {@code connect-timeout} default to 1 s, so that a request learns within its deadline
 * that Redis does not respond. The application's own customizers of the client come after those of this class.
 */
@Configuration(proxyBeanMethods = false)
public class RedisClientConfiguration {
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MIN_STALL_LIMIT = Duration.ofSeconds(3);
  private static final Duration STALL_MARGIN = Duration.ofSeconds(1);
  private static final Duration KEEP_ALIVE_IDLE = Duration.ofSeconds(5);
  private static final int MAX_QUEUED_COMMANDS = 10_000;
  /** A write that waits for replicas may block its connection for so long. */
  private static final String REPLICA_TIMEOUT = "statecraft.session.redis.replica-timeout";

  @Bean
  ConnectionMonitor redisConnectionMonitor(DataRedisProperties properties, Environment environment) {
    Duration commands = Objects.requireNonNullElse(properties.getTimeout(), COMMAND_TIMEOUT);
    Duration waits = environment.getProperty(REPLICA_TIMEOUT, Duration.class, Duration.ZERO);
    return new ConnectionMonitor(stallLimit(commands.compareTo(waits) > 0 ? commands : waits));
  }

  /** NaN before the first write probe, which each check of readiness is. */
  @Bean
  MeterBinder sessionRedisMetrics(ConnectionMonitor redisConnectionMonitor) {
    return meters -> {
      Gauge.builder("statecraft.session.redis.up", redisConnectionMonitor, it -> {
        ProbedRedis probed = it.probed();
        return probed == null ? Double.NaN : probed == ProbedRedis.DOWN ? 0 : 1;
      }).description("1 if a Redis server answered the last write probe").register(meters);
      Gauge.builder("statecraft.session.redis.primary", redisConnectionMonitor, it -> {
        ProbedRedis probed = it.probed();
        return probed == null ? Double.NaN : probed == ProbedRedis.ACCEPTS_WRITES ? 1 : 0;
      }).description("1 if a Redis primary accepted the last write probe").register(meters);
    };
  }

  /** Returns when a connection without an answer is closed: later than the longest command may take. */
  public static Duration stallLimit(Duration longestCommand) {
    Duration limit = longestCommand.plus(STALL_MARGIN);
    return limit.compareTo(MIN_STALL_LIMIT) < 0 ? MIN_STALL_LIMIT : limit;
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  LettuceClientConfigurationBuilderCustomizer boundedCommands(DataRedisProperties properties) {
    return builder -> {
      if (properties.getTimeout() == null) {
        builder.commandTimeout(COMMAND_TIMEOUT);
      }
    };
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  LettuceClientOptionsBuilderCustomizer boundedConnections(DataRedisProperties properties) {
    return builder -> configure(builder,
        Objects.requireNonNullElse(properties.getConnectTimeout(), CONNECT_TIMEOUT));
  }

  /** Applies the same options to a client that Spring Boot does not make. */
  public static void configure(ClientOptions.Builder builder, Duration connectTimeout) {
    SocketOptions.Builder socket = SocketOptions.builder()
        .connectTimeout(connectTimeout)
        // Finds a half-open connection that is idle; ConnectionMonitor finds one that is in use.
        .keepAlive(KeepAliveOptions.builder().enable().idle(KEEP_ALIVE_IDLE).interval(Duration.ofSeconds(1)).count(3)
            .build());
    if (EpollProvider.isAvailable()) {
      socket.tcpUserTimeout(TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(KEEP_ALIVE_IDLE).build());
    }
    builder
        .socketOptions(socket.build())
        .requestQueueSize(MAX_QUEUED_COMMANDS)
        // Without a connection a command fails at once instead of waiting in a queue until its timeout.
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        // Never replay: the command may have run before the connection broke, its caller got an error, and a replay
        // could overwrite a newer write.
        .replayFilter(command -> true);
  }

  @Bean
  @Order(Ordered.HIGHEST_PRECEDENCE)
  ClientResourcesBuilderCustomizer monitoredConnections(ConnectionMonitor connectionMonitor) {
    // Lettuce's default waits up to 30 s between attempts; sessions should be available as soon as Redis is.
    return builder -> builder
        .nettyCustomizer(connectionMonitor)
        .reconnectDelay(Delay.fullJitter(50, 500, 50, TimeUnit.MILLISECONDS));
  }
}
