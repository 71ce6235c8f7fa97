package dev.statecraft.session.cookie;

import dev.statecraft.session.InvalidSettingException;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the strategy {@code cookie}.
 *
 * @param absoluteTimeout time from login to the end of a session, even if it is in use. Without a deny list, a stolen
 * cookie, or one from before a logout, stays valid until then
 * @param denyList whether sessions can be revoked
 */
@ConfigurationProperties("statecraft.session.cookie")
record CookieProperties(@DefaultValue("12h") Duration absoluteTimeout, @DefaultValue("none") DenyList denyList) {
  static final String DENY_LIST = "statecraft.session.cookie.deny-list";

  /** Where the ids of revoked sessions are kept. */
  enum DenyList {
    /** Nowhere. Guarantee: no server is needed. Anomaly: a copy of a cookie stays valid after a logout or a new id. */
    NONE,
    /**
     * In the Redis of {@code spring.data.redis}. Guarantee: once a logout or a change of the id is acknowledged, no
     * older cookie of the session is accepted by any node. Anomaly: each request costs a round trip to Redis, and
     * without Redis each request that has a session is answered 503; what Redis loses on failover is valid again.
     */
    REDIS
  }

  CookieProperties {
    if (!absoluteTimeout.isPositive()) {
      throw new InvalidSettingException(
          "statecraft.session.cookie.absolute-timeout",
          "is " + absoluteTimeout,
          "a duration above zero");
    }
  }
}
