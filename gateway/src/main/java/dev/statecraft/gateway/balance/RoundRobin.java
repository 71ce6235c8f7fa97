package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses each node in turn. O(1); one shared counter. Balances the number of requests, not their cost. Fails if nodes
 * or requests differ: a slow node gets as many requests as a fast one, and they accumulate there.
 */
final class RoundRobin implements BalancingRule {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public Node choose(List<Node> candidates, RoutingContext context) {
    return candidates.get(Math.floorMod(next.getAndIncrement(), candidates.size()));
  }
}
