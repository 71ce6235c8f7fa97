package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Chooses the node with the fewest requests in flight relative to its weight. Of two such nodes, it prefers one with
 * less than half of the other's response time; otherwise the first from a random start. O(nodes); reads counters that
 * exist anyway. Balances requests in flight, so a slow node, which holds its requests longer, gets fewer. Fails if a
 * node answers errors at once: it looks idle and attracts requests until it is ejected. Each gateway sees only its own
 * requests.
 */
final class LeastConnections implements BalancingRule {
  /** Response times within this factor count as equal, so that not all requests go to the fastest node. */
  private static final double MIN_SPEED_FACTOR = 2;

  private final LongSupplier nanoTime;

  LeastConnections(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Node choose(List<Node> candidates, RoutingContext context) {
    int size = candidates.size();
    int start = ThreadLocalRandom.current().nextInt(size);
    long now = nanoTime.getAsLong();
    Node best = candidates.get(start);
    for (int i = 1; i < size; i++) {
      Node other = candidates.get((start + i) % size);
      long load = (long) other.inFlight() * best.weight();
      long bestLoad = (long) best.inFlight() * other.weight();
      if (load < bestLoad || (load == bestLoad
          && other.responseTime().nanos(now) * MIN_SPEED_FACTOR < best.responseTime().nanos(now))) {
        best = other;
      }
    }
    return best;
  }
}
