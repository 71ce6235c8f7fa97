package dev.statecraft.gateway.chain;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/** {@code RetryBudget=SHARE}: the maximum number of the gateway's own retries per request of a route, such as 0.2. */
final class RetryBudgetGatewayFilterFactory
    extends
      AbstractGatewayFilterFactory<RetryBudgetGatewayFilterFactory.Config> {
  /** The argument. */
  static final class Config {
    private @Nullable Double share;

    public void setShare(Double value) {
      share = value;
    }
  }

  RetryBudgetGatewayFilterFactory() {
    super(Config.class);
  }

  @Override
  public List<String> shortcutFieldOrder() {
    return List.of("share");
  }

  @Override
  public GatewayFilter apply(Config config) {
    Double share = config.share;
    if (share == null) {
      throw new IllegalArgumentException("RetryBudget needs a share, such as 0.2");
    }
    return new PolicyFilter("RetryBudget " + share, own -> own.withRetryBudget(share));
  }
}
