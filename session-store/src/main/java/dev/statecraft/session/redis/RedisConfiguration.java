package dev.statecraft.session.redis;

import dev.statecraft.session.ExpirySweeper;
import dev.statecraft.session.InvalidSettingException;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.redisclient.ConnectionMonitor;
import dev.statecraft.session.redisclient.RedisClientConfiguration;
import dev.statecraft.session.redisclient.WriteProbe;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

@Configuration(proxyBeanMethods = false)
@Import(RedisClientConfiguration.class)
@EnableConfigurationProperties(RedisProperties.class)
class RedisConfiguration {
  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(10);

  @Bean
  RedisScripts sessionRedisScripts(RedisConnectionFactory connections, RedisProperties redis) {
    if (redis.writes() == WriteMode.CONFIRMED && connections instanceof LettuceConnectionFactory lettuce) {
      if (lettuce.isClusterAware()) {
        throw new InvalidSettingException("statecraft.session.redis.writes",
            "is confirmed, which a Redis Cluster cannot do: WAIT covers one connection to one server",
            "compare-and-set with a cluster, or confirmed with sentinels");
      }
      // A write blocks its connection until the replicas confirm it, so writes must not share one.
      lettuce.setShareNativeConnection(false);
    }
    return new RedisScripts(connections);
  }

  @Bean
  RedisSessionRepository redisSessionRepository(
      SessionStoreContext context, RedisScripts scripts, RedisProperties redis, ConnectionMonitor connectionMonitor) {
    int replicas = redis.writes() == WriteMode.CONFIRMED ? redis.replicas() : 0;
    return new RedisSessionRepository(context, scripts, redis.writes(),
        new ReplicaAcknowledgement(replicas, redis.replicaTimeout()), connectionMonitor);
  }

  @Bean
  RedisStatus redisStatus(RedisConnectionFactory connections, RedisSessionRepository sessions,
      SessionStoreContext context, RedisProperties redis, ConnectionMonitor connectionMonitor) {
    return new RedisStatus(connections, sessions, redis.writes(),
        new WriteProbe(connections, context.namespace(), connectionMonitor));
  }

  @Bean
  ExpirySweeper redisExpirySweeper(RedisSessionRepository sessions) {
    return new ExpirySweeper("session-expiry", sessions::removeExpired, SWEEP_INTERVAL);
  }
}
