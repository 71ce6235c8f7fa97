package dev.statecraft.session.redis;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.SessionProperties;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.data.redis.autoconfigure.ClientResourcesBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.DataRedisProperties;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientOptionsBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Configures a store in Redis. Address and timeouts come from {@code spring.data.redis.*}, as in every Spring Boot
 * application. {@code timeout} and {@code connect-timeout} default to 1 s, so that a request learns within its deadline
 * that Redis does not respond.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RedisProperties.class)
class RedisConfiguration {
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_QUEUED_COMMANDS = 10_000;

  @Bean
  RedisSessionStore<?> redisSessionStore(RedisConnectionFactory connections, AttributeCodec codec,
      SessionProperties properties, RedisProperties redis, InstantSource time) {
    return switch (redis.writes()) {
      case LAST_WRITE_WINS -> LastWriteWinsStore.create(connections, codec, properties.timeout(),
          properties.lastAccessPersistInterval(), time);
      case COMPARE_AND_SET ->
        versionedStore(connections, codec, properties, new ReplicaAcknowledgement(0, redis.replicaTimeout()), time);
      case CONFIRMED -> {
        if (connections instanceof LettuceConnectionFactory lettuce) {
          // A write blocks its connection until the replicas confirm it, so writes must not share one.
          lettuce.setShareNativeConnection(false);
        }
        yield versionedStore(connections, codec, properties,
            new ReplicaAcknowledgement(redis.replicas(), redis.replicaTimeout()), time);
      }
    };
  }

  private static VersionedStore versionedStore(RedisConnectionFactory connections, AttributeCodec codec,
      SessionProperties properties, ReplicaAcknowledgement acknowledgement, InstantSource time) {
    return new VersionedStore(connections, codec, properties.timeout(), properties.lastAccessPersistInterval(),
        acknowledgement, time);
  }

  @Bean
  LettuceClientConfigurationBuilderCustomizer boundedCommands(DataRedisProperties properties) {
    return builder -> {
      if (properties.getTimeout() == null) {
        builder.commandTimeout(COMMAND_TIMEOUT);
      }
    };
  }

  @Bean
  LettuceClientOptionsBuilderCustomizer boundedConnections(DataRedisProperties properties) {
    return builder -> {
      if (properties.getConnectTimeout() == null) {
        builder.socketOptions(SocketOptions.builder().connectTimeout(CONNECT_TIMEOUT).build());
      }
      builder.requestQueueSize(MAX_QUEUED_COMMANDS)
          // Without a connection a command fails at once instead of waiting in a queue until its timeout.
          .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
          // Never replay: the command may have run before the connection broke, its caller got an error, and a replay
          // could overwrite a newer write.
          .replayFilter(command -> true);
    };
  }

  @Bean
  ClientResourcesBuilderCustomizer promptReconnect() {
    // Lettuce's default waits up to 30 s between attempts; sessions should be available as soon as Redis is.
    return builder -> builder.reconnectDelay(Delay.fullJitter(50, 500, 50, TimeUnit.MILLISECONDS));
  }
}
