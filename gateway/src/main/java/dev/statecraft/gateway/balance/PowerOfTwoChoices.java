package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Draws two different nodes at random and chooses the one with the shorter expected wait ({@link PeakEwma}). O(1).
 * Balances nearly as well as a full comparison (Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing",
 * 2001). Most draws do not contain the best node, so many gateways do not all choose it. Fails with few nodes: with two
 * it is {@link PeakEwma}, and a slow node is still chosen if the other one drawn is slower.
 */
final class PowerOfTwoChoices implements BalancingRule {
  private final LongSupplier nanoTime;

  PowerOfTwoChoices(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  @Override
  public Node choose(List<Node> candidates, RoutingContext context) {
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
    return left.expectedWait(now) <= right.expectedWait(now) ? left : right;
  }
}
