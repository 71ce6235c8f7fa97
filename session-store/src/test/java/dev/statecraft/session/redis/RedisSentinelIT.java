package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.contract.SessionContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.data.redis.connection.RedisConfiguration;
import org.springframework.data.redis.connection.RedisSentinelConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

class RedisSentinelIT {

  @Test
  @Timeout(30)
  void reportsPrimaryThatSentinelsName() {
    try (EmbeddedRedis redis = EmbeddedRedis.named("redis-node-1"); EmbeddedRedis sentinel = redis.sentinel("shop")) {
      LettuceConnectionFactory connections = connect(
          new RedisSentinelConfiguration().master("shop").sentinel("127.0.0.1", sentinel.port()));
      try {
        assertThat(store(connections).details()).containsEntry("sessions", 0L)
            .containsEntry("primary", "redis-node-1");
      } finally {
        connections.destroy();
      }
    }
  }

  @Test
  void reportsNoPrimaryWithoutSentinels() {
    try (EmbeddedRedis redis = new EmbeddedRedis()) {
      LettuceConnectionFactory connections = connect(new RedisStandaloneConfiguration("127.0.0.1", redis.port()));
      try {
        assertThat(store(connections).details()).containsOnlyKeys("sessions");
      } finally {
        connections.destroy();
      }
    }
  }

  private static LettuceConnectionFactory connect(RedisConfiguration where) {
    LettuceConnectionFactory factory = new LettuceConnectionFactory(where);
    factory.afterPropertiesSet();
    factory.start();
    return factory;
  }

  private static LastWriteWinsStore<?> store(LettuceConnectionFactory connections) {
    Duration timeout = SessionContract.TIMEOUT;
    return LastWriteWinsStore.create(
        connections, new AttributeCodec(List.of(SessionContract.Note.class)), timeout, timeout.dividedBy(20),
        InstantSource.system());
  }
}
