package dev.statecraft.session.cookie;

import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.KeyRingConfiguration;
import dev.statecraft.session.SessionProperties;
import dev.statecraft.signing.KeyRing;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

@Configuration(proxyBeanMethods = false)
@Import(KeyRingConfiguration.class)
@EnableConfigurationProperties(CookieProperties.class)
class CookieConfiguration {
  @Bean
  CookieSessionRepository cookieSessionRepository(SessionProperties shared, CookieProperties properties, KeyRing keys,
      AttributeCodec codec, InstantSource time) {
    return new CookieSessionRepository(keys, codec,
        new Lifetime(shared.timeout(), properties.absoluteTimeout(), shared.lastAccessPersistInterval()), time);
  }
}
