package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The node whose answer is expected first: peak-EWMA response time times the requests that would be in flight, for its
 * weight. O(nodes); see {@link ResponseTime} for the state. Balances waiting time, and reacts to a slow node after one
 * slow answer. An error or a failure counts as a slow answer, so a node that fails fast draws no herd. Fails by
 * overreaction: one pause makes a node shunned for seconds, and many gateways that all learn the same may swing
 * together.
 */
final class PeakEwma implements BalancingRule {
  private final LongSupplier nanoTime;

  PeakEwma(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Node choose(List<Node> candidates, RoutingContext facts) {
    int size = candidates.size();
    int start = ThreadLocalRandom.current().nextInt(size);
    long now = nanoTime.getAsLong();
    Node best = candidates.get(start);
    double bestCost = best.cost(now);
    for (int i = 1; i < size; i++) {
      Node other = candidates.get((start + i) % size);
      double cost = other.cost(now);
      if (cost < bestCost) {
        best = other;
        bestCost = cost;
      }
    }
    return best;
  }
}
