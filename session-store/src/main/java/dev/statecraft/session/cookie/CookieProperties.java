package dev.statecraft.session.cookie;

import dev.statecraft.session.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code cookie}.
 *
 * @param absoluteTimeout how long after its login a session ends, however busy it is. Nothing can be revoked, so this
 * is also how long a stolen cookie, or one kept from before a logout, goes on opening the session
 */
@ConfigurationProperties("statecraft.session.cookie")
record CookieProperties(@DefaultValue("12h") Duration absoluteTimeout) {
  CookieProperties {
    if (!absoluteTimeout.isPositive()) {
      throw new InvalidSettingException(
          "statecraft.session.cookie.absolute-timeout",
          "is " + absoluteTimeout,
          "a duration above zero");
    }
  }
}
