package dev.statecraft.gateway.balance;

import java.util.List;

/**
 * Chooses a node for a request. Rules are thread-safe, take no lock, and document what a choice costs, what they
 * balance and how they fail.
 */
@FunctionalInterface
public interface BalancingRule {
  /** Returns one of {@code candidates}, which is never empty. */
  Node choose(List<Node> candidates, RoutingContext facts);

  /** Tells whether equal keys go to equal nodes, so that leaving out a node now and then would scatter them. */
  default boolean keepsKeys() {
    return false;
  }
}
