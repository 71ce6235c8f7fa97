package dev.statecraft.session;

import dev.statecraft.signing.InvalidKeyRingException;
import dev.statecraft.signing.KeyRing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The key ring. Imported by strategies that must trust what a client or another node sends. */
@Configuration(proxyBeanMethods = false)
public class KeyRingConfiguration {
  /** Purpose of the signer of every strategy; the context of each signature tells strategies apart. */
  public static final String SIGNING_PURPOSE = "statecraft/session/sign";

  private static final Logger log = LoggerFactory.getLogger(KeyRingConfiguration.class);

  @Bean
  KeyRing keyRing(SessionProperties properties) {
    if (properties.keys().isEmpty() && properties.activeKey() == null) {
      log.warn(
          "statecraft.session.keys is not set: this node uses a random key. Other nodes reject its cookies, and so "
              + "does this node after a restart. Set the same keys on every node.");
      return KeyRing.random();
    }
    try {
      return KeyRing.of(properties.keys(), properties.activeKey());
    } catch (InvalidKeyRingException e) {
      throw new InvalidSettingException("statecraft.session." + e.setting(), e.problem(), e.remedy());
    }
  }
}
