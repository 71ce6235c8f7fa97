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
 * Where Redis is comes from {@code spring.data.redis.*} as in every Spring Boot application; so do the time-outs
 * ({@code spring.data.redis.timeout}, {@code connect-timeout}), which are one second each unless set. A request must
 * learn within its own deadline that Redis does not answer.
 */
@Configuration(proxyBeanMethods = false) @EnableConfigurationProperties(RedisProperties.class)
class RedisConfiguration {
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  private static final int COMMANDS_UNDER_WAY = 10_000;

  @Bean
  RedisSessions<?> redisSessions(
      RedisConnectionFactory connections, AttributeCodec codec, SessionProperties properties, RedisProperties redis,
      InstantSource time) {
    return switch (redis.writes()) {
      case LAST_WRITE_WINS -> RedisStore.on(connections, codec, properties.timeout(), properties.touchAfter(), time);
      case COMPARE_AND_SET ->
        guarded(connections, codec, properties, new ReplicaAcknowledgement(0, redis.replicaTimeout()), time);
      case CONFIRMED -> {
        if (connections instanceof LettuceConnectionFactory lettuce) {
          // A write waits on the connection that it went over; nobody else should wait with it.
          lettuce.setShareNativeConnection(false);
        }
        yield guarded(connections, codec, properties,
            new ReplicaAcknowledgement(redis.replicas(), redis.replicaTimeout()), time);
      }
    };
  }

  private static VersionedStore guarded(
      RedisConnectionFactory connections, AttributeCodec codec, SessionProperties properties,
      ReplicaAcknowledgement confirmation,
      InstantSource time) {
    return new VersionedStore(
        connections, codec, properties.timeout(), properties.touchAfter(), confirmation, time);
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
      builder
          .requestQueueSize(COMMANDS_UNDER_WAY)
          // Without a connection a command fails at once instead of queueing until its time-out.
          .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
          // A command that was under way when the connection broke may have run: its caller has been told so, and a
          // replay
          // could overwrite what another request wrote since.
          .replayFilter(command -> true);
    };
  }

  @Bean
  ClientResourcesBuilderCustomizer promptReconnect() {
    // Lettuce would wait up to 30 seconds between attempts; sessions should be back when Redis is.
    return builder -> builder.reconnectDelay(Delay.fullJitter(50, 500, 50, TimeUnit.MILLISECONDS));
  }
}
