package dev.statecraft.gateway.balance;

import java.util.List;

/** Chooses a node for a request. Rules are thread-safe, take no lock and allocate nothing where they can. */
@FunctionalInterface
public interface BalancingRule {
  /** Returns one of {@code candidates}, which is never empty. */
  Node choose(List<Node> candidates, RequestFacts facts);
}
