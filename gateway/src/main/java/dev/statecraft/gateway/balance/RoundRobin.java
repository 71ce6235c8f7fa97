package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One node after the other. O(1); one shared counter. Balances the number of requests, not their cost. Fails where
 * nodes or requests differ: a slow node gets as many as a fast one, and they pile up there.
 */
final class RoundRobin implements BalancingRule {
  private final AtomicInteger next = new AtomicInteger();

  @Override
  public Node choose(List<Node> candidates, RoutingContext facts) {
    return candidates.get(Math.floorMod(next.getAndIncrement(), candidates.size()));
  }
}
