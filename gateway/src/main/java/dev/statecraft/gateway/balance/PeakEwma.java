package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Chooses the node with the shortest expected wait: peak EWMA of the response time, multiplied by the requests that
 * would be in flight, divided by the weight. O(nodes); see {@link ResponseTime} for the state. Balances waiting time,
 * and reacts to a slow node after one slow answer. An error or a failure counts as a slow answer, so a node that fails
 * fast attracts no requests. Fails by overreaction: after one pause a node gets no requests for seconds, and many
 * gateways may oscillate together.
 */
final class PeakEwma implements BalancingRule {
  private final LongSupplier nanoTime;

  PeakEwma(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Node choose(List<Node> candidates, RoutingContext context) {
    int size = candidates.size();
    int start = ThreadLocalRandom.current().nextInt(size);
    long now = nanoTime.getAsLong();
    Node best = candidates.get(start);
    double bestWait = best.expectedWait(now);
    for (int i = 1; i < size; i++) {
      Node other = candidates.get((start + i) % size);
      double wait = other.expectedWait(now);
      if (wait < bestWait) {
        best = other;
        bestWait = wait;
      }
    }
    return best;
  }
}
