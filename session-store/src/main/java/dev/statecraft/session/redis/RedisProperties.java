package dev.statecraft.session.redis;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code redis}; where Redis is, says {@code spring.data.redis}.
 *
 * @param writes what becomes of two requests that change one session at once; the same for all nodes, because a node
 * that does not look before it writes overwrites what others guard
 * @param replicas how many must confirm a write, for {@code writes=confirmed}; at least 1
 * @param replicaTimeout for that, of one write; less than the deadline of a request
 */
@ConfigurationProperties("statecraft.session.redis")
record RedisProperties(@DefaultValue("last-write-wins") Writes writes, @DefaultValue("1") int replicas,
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
