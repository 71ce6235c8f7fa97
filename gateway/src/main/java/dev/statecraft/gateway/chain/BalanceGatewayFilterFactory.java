package dev.statecraft.gateway.chain;

import dev.statecraft.gateway.balance.BalancingAlgorithm;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/** {@code Balance=RULE[, HASH-KEY]}: the rule that chooses a node for a request of a route. */
final class BalanceGatewayFilterFactory extends AbstractGatewayFilterFactory<BalanceGatewayFilterFactory.Config> {
  /** The arguments. The hash key is as in the settings of the service if it is not set. */
  static final class Config {
    private @Nullable BalancingAlgorithm rule;
    private @Nullable String hashKey;

    public void setRule(BalancingAlgorithm value) {
      rule = value;
    }

    public void setHashKey(String value) {
      hashKey = value;
    }
  }

  BalanceGatewayFilterFactory() {
    super(Config.class);
  }

  @Override
  public List<String> shortcutFieldOrder() {
    return List.of("rule", "hashKey");
  }

  @Override
  public GatewayFilter apply(Config config) {
    BalancingAlgorithm rule = config.rule;
    if (rule == null) {
      throw new IllegalArgumentException("Balance needs a rule, such as least-connections");
    }
    return new PolicyFilter("Balance " + rule, own -> own.withBalance(rule, config.hashKey));
  }
}
