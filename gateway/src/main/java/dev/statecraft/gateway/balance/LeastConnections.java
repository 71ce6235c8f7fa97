package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The node with the fewest requests in flight for its weight; among equals, one that answered less than half as slowly
 * as the other wins, else the first from a random start. O(nodes); reads counters that requests keep anyway. Balances
 * what is under way, so a slow node, whose requests stay longer, gets fewer. Fails where a node answers errors at once:
 * it looks idle and draws a herd, until ejection ends that; and each gateway sees its own requests only.
 */
final class LeastConnections implements BalancingRule {
  /** Response times that differ by less than this factor count as equal: picking the very fastest would herd on it. */
  private static final double CLEARLY_FASTER = 2;

  private final LongSupplier nanoTime;

  LeastConnections(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Node choose(List<Node> candidates, RoutingContext facts) {
    int size = candidates.size();
    int start = ThreadLocalRandom.current().nextInt(size);
    long now = nanoTime.getAsLong();
    Node best = candidates.get(start);
    for (int i = 1; i < size; i++) {
      Node other = candidates.get((start + i) % size);
      long load = (long) other.inFlight() * best.weight();
      long bestLoad = (long) best.inFlight() * other.weight();
      if (load < bestLoad || (load == bestLoad
          && other.responseTime().nanos(now) * CLEARLY_FASTER < best.responseTime().nanos(now))) {
        best = other;
      }
    }
    return best;
  }
}
