package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.affinity.AffinityPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/** {@code Affinity=POLICY[, LOGIN-PATH[, SESSION-COOKIE]]}: the session affinity of a route. */
final class AffinityGatewayFilterFactory extends AbstractGatewayFilterFactory<AffinityGatewayFilterFactory.Config> {
  /** The arguments. What is not set is as in the settings of the service. */
  static final class Config {
    private @Nullable AffinityPolicy policy;
    private @Nullable String loginPath;
    private @Nullable String sessionCookie;

    public void setPolicy(AffinityPolicy value) {
      policy = value;
    }

    /** Sets the path, as the service sees it, to which a POST opens a session. */
    public void setLoginPath(String value) {
      loginPath = value;
    }

    /** Sets the name of the cookie by which an answer opens a session. */
    public void setSessionCookie(String value) {
      sessionCookie = value;
    }
  }

  AffinityGatewayFilterFactory() {
    super(Config.class);
  }

  @Override
  public List<String> shortcutFieldOrder() {
    return List.of("policy", "loginPath", "sessionCookie");
  }

  @Override
  public GatewayFilter apply(Config config) {
    AffinityPolicy policy = config.policy;
    if (policy == null) {
      throw new IllegalArgumentException("Affinity needs a policy, such as login-cookie");
    }
    return new PolicyFilter("Affinity " + policy,
        own -> own.withAffinity(policy, config.loginPath, config.sessionCookie));
  }
}
