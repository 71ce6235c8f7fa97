package dev.statecraft.session.cookie;

import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionStoreContext;
import dev.statecraft.session.redisclient.ConnectionMonitor;
import dev.statecraft.session.redisclient.RedisClientConfiguration;
import dev.statecraft.signing.KeyRing;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;

@Configuration(proxyBeanMethods = false)
@Import(KeyRingConfiguration.class)
@EnableConfigurationProperties(CookieProperties.class)
class CookieConfiguration {
  @Bean
  CookieSessionRepository cookieSessionRepository(
      SessionStoreContext context, CookieProperties properties, KeyRing keys, ObjectProvider<RedisDenyList> denyList,
      @Value("${server.servlet.session.cookie.name:${server.reactive.session.cookie.name:SESSION}}") String name) {
    return new CookieSessionRepository(
        context, keys, properties.absoluteTimeout(), name, denyList.getIfAvailable());
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(name = CookieProperties.DENY_LIST, havingValue = "redis")
  @Import(RedisClientConfiguration.class)
  static class DenyListConfiguration {
    @Bean
    RedisDenyList sessionDenyList(RedisConnectionFactory connections, SessionStoreContext context,
        ConnectionMonitor connectionMonitor) {
      return new RedisDenyList(connections, context.namespace(), connectionMonitor);
    }
  }
}
