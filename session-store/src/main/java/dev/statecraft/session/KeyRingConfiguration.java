package dev.statecraft.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The key ring, for the strategies that import it because the client holds something that they must trust. */
@Configuration(proxyBeanMethods = false)
public class KeyRingConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(KeyRingConfiguration.class);

  @Bean
  KeyRing keyRing(SessionProperties properties) {
    if (properties.keys().isEmpty() && properties.activeKey() == null) {
      LOG.warn(
          "No statecraft.session.keys: a random key was made. Other nodes will refuse this node's cookies, and so will "
              + "this node after a restart. Give every node the same keys.");
      return KeyRing.random();
    }
    return new KeyRing(properties.keys(), properties.activeKey());
  }
}
