package dev.statecraft.session.affinity;

import dev.statecraft.session.InvalidSettingException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code affinity}.
 *
 * @param maximumSessions how many live sessions this node holds; a login beyond it is refused (503), because evicting a
 *     live session would silently log somebody else out
 */
@ConfigurationProperties("statecraft.session.affinity")
record AffinityProperties(@DefaultValue("100000") int maximumSessions) {
  AffinityProperties {
    if (maximumSessions < 1) {
      throw new InvalidSettingException(
          "statecraft.session.affinity.maximum-sessions",
          "is " + maximumSessions,
          "a number from 1");
    }
  }
}
