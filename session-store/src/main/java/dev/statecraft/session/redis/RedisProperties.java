package dev.statecraft.session.redis;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code redis}. The address of Redis is in {@code spring.data.redis}.
 *
 * @param writes how concurrent writes are handled; must be the same on all nodes, because a node with
 * {@code last-write-wins} overwrites changes without a check. {@code confirmed} does not work with a Redis Cluster
 * @param replicas for {@code writes=confirmed}: how many replicas must confirm a write; at least 1
 * @param replicaTimeout for {@code writes=confirmed}: time for the confirmation of one write; at least 1 ms and less
 * than the deadline of a request
 */
@ConfigurationProperties("statecraft.session.redis")
record RedisProperties(@DefaultValue("last-write-wins") WriteMode writes, @DefaultValue("1") int replicas,
    @DefaultValue("500ms") Duration replicaTimeout) {
  RedisProperties {
    if (replicas < 1) {
      throw new IllegalArgumentException("statecraft.session.redis.replicas must be at least 1");
    }
    if (replicaTimeout.toMillis() < 1) {
      throw new IllegalArgumentException("statecraft.session.redis.replica-timeout must be at least 1ms");
    }
  }
}
