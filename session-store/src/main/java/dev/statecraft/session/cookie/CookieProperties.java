package dev.statecraft.session.cookie;

import dev.statecraft.session.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code cookie}.
 *
 * @param absoluteTimeout time from login to the end of a session, even if it is in use. Cookies cannot be revoked, so a
 * stolen cookie, or one from before a logout, stays valid until then
 */
@ConfigurationProperties("statecraft.session.cookie")
record CookieProperties(@DefaultValue("12h") Duration absoluteTimeout) {
  CookieProperties {
    if (!absoluteTimeout.isPositive()) {
      throw new InvalidSettingException("statecraft.session.cookie.absolute-timeout", "is " + absoluteTimeout,
          "a duration above zero");
    }
  }
}
