package dev.statecraft.session.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RedisSentinelIT {
  @Test
  @Timeout(60)
  void reportsPrimaryThatSentinelsName() {
    try (EmbeddedRedis redis = EmbeddedRedis.named("redis-node-1");
        EmbeddedRedis sentinel = redis.sentinel("shop");
        RedisNode node = new RedisNode(redis.port(), "spring.data.redis.sentinel.master=shop",
            "spring.data.redis.sentinel.nodes=127.0.0.1:" + sentinel.port())) {
      assertThat(node.details()).containsEntry("sessions", 0L).containsEntry("primary", "redis-node-1");
    }
  }

  @Test
  @Timeout(60)
  void reportsNoPrimaryWithoutSentinels() {
    try (EmbeddedRedis redis = new EmbeddedRedis(); RedisNode node = new RedisNode(redis.port())) {
      assertThat(node.details()).containsOnlyKeys("sessions");
    }
  }
}
