package dev.statecraft.gateway.balance;

import java.util.List;

/**
 * Chooses a node for a request. Implementations are thread-safe, take no lock, and document the cost of a choice, what
 * they balance, and when they fail.
 */
@FunctionalInterface
public interface BalancingRule {
  /** Returns one of {@code candidates}, which is not empty. */
  Node choose(List<Node> candidates, RoutingContext context);

  /** Tells whether equal keys must go to the same node, so that no candidate may be left out at random. */
  default boolean keepsKeys() {
    return false;
  }
}
