package dev.statecraft.gateway.balance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Gives groups of nodes a percentage of the requests, whatever the number of their nodes; the other nodes get the rest.
 * If a group has no candidate, the other nodes get its requests, and the reverse. Thread-safe.
 */
public final class CanaryShares implements CandidateFilter {
  /** What decides to which group a request goes. */
  public enum By {
    /** Each request is drawn anew: exact shares, but a client meets both versions in turn. */
    REQUEST,
    /** A hash of the client's IPv4 address or IPv6 network: a client stays with one version while shares stay. */
    CLIENT
  }

  private static final String SALT = "canary ";
  private static final double HUNDRED = 100;

  private final Map<String, Integer> percentages;
  private final ToDoubleFunction<RoutingContext> draw;

  /**
   * Makes a filter.
   *
   * @param percentages by group, from 0 to 100, in sum at most 100
   * @param draw returns a number from 0 to 1, which is excluded
   */
  public CanaryShares(Map<String, Integer> percentages, ToDoubleFunction<RoutingContext> draw) {
    this.percentages = new TreeMap<>(percentages);
    this.draw = draw;
  }

  /** Returns a number from 0 to 1 that is the same for all requests of a client. */
  public static double ofClient(RoutingContext context) {
    return RendezvousHashing.uniform(RendezvousHashing.hash(SALT + context.clientNetwork()));
  }

  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext context) {
    double drawn = draw.applyAsDouble(context) * HUNDRED;
    for (Map.Entry<String, Integer> group : percentages.entrySet()) {
      if (drawn < group.getValue()) {
        List<Node> members = candidates.stream().filter(node -> node.group().equals(group.getKey())).toList();
        return members.isEmpty() ? others(candidates) : members;
      }
      drawn -= group.getValue();
    }
    return others(candidates);
  }

  private List<Node> others(List<Node> candidates) {
    return candidates.stream().filter(node -> !percentages.containsKey(node.group())).toList();
  }
}
