package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Two different nodes at random, then the one whose answer is expected first (the cost of {@link PeakEwma}). O(1).
 * Balances nearly as well as a full comparison (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing",
 * 2001), and because most comparisons leave the best node out, many gateways do not herd onto it. Fails with few nodes:
 * of two it is {@link PeakEwma}, and the worst node is still taken when it is drawn against one that is worse for the
 * moment.
 */
final class PowerOfTwoChoices implements BalancingRule {
  private final LongSupplier nanoTime;

  PowerOfTwoChoices(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Node choose(List<Node> candidates, RoutingContext facts) {
    int size = candidates.size();
    if (size == 1) {
      return candidates.getFirst();
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    int first = random.nextInt(size);
    int second = (first + 1 + random.nextInt(size - 1)) % size;
    long now = nanoTime.getAsLong();
    Node left = candidates.get(first);
    Node right = candidates.get(second);
    return left.cost(now) <= right.cost(now) ? left : right;
  }
}
