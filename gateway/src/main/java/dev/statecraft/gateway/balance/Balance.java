package dev.statecraft.gateway.balance;

/** The rules that {@code balance} of a route may name. */
public enum Balance {
  /** One node after the other. */
  ROUND_ROBIN {
    @Override
    public BalancingRule rule() {
      return new RoundRobin();
    }
  };

  /** Makes the rule, with state of its own. */
  public abstract BalancingRule rule();
}
