package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Smooth weighted round robin, as in nginx: with weights 3 and 1, every fourth request goes to the second node, evenly
 * spaced. A choice is O(1) on a schedule that is rebuilt in O(nodes × sum of weights) when the candidates change; one
 * shared counter. Balances requests by a configured ratio. Fails if the ratio is wrong or outdated: it measures
 * nothing.
 */
final class WeightedRoundRobin implements BalancingRule {
  private record Schedule(List<Node> candidates, List<Node> turns) {}

  private final AtomicInteger next = new AtomicInteger();
  private volatile @Nullable Schedule schedule;

  @Override
  public Node choose(List<Node> candidates, RoutingContext context) {
    Schedule current = schedule;
    if (current == null || !current.candidates().equals(candidates)) {
      // Two threads may both build a schedule; the results are equal.
      current = new Schedule(candidates, turns(candidates));
      schedule = current;
    }
    List<Node> turns = current.turns();
    return turns.get(Math.floorMod(next.getAndIncrement(), turns.size()));
  }

  private static List<Node> turns(List<Node> candidates) {
    int divisor = 0;
    for (Node node : candidates) {
      divisor = greatestCommonDivisor(node.weight(), divisor);
    }
    int total = 0;
    for (Node node : candidates) {
      total += node.weight() / divisor;
    }
    int[] credit = new int[candidates.size()];
    List<Node> turns = new ArrayList<>(total);
    for (int turn = 0; turn < total; turn++) {
      int best = 0;
      for (int i = 0; i < credit.length; i++) {
        credit[i] += candidates.get(i).weight() / divisor;
        if (credit[i] > credit[best]) {
          best = i;
        }
      }
      credit[best] -= total;
      turns.add(candidates.get(best));
    }
    return turns;
  }

  private static int greatestCommonDivisor(int left, int right) {
    return right == 0 ? left : greatestCommonDivisor(right, left % right);
  }
}
