package dev.statecraft.gateway.balance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prefers nodes in the gateway's own zone by {@link ZoneShares}; the capacity of a zone is the sum of the weights of
 * its candidates. Saves traffic between zones and its latency. Fails if the zones have different numbers of requests:
 * the nodes of a busy zone get more than others. Nodes without a zone are one of their own. Thread-safe; takes no lock.
 */
public final class ZonePreference implements CandidateFilter {
  private record Part(double end, List<Node> nodes) {}

  private record Division(List<Node> candidates, List<Part> parts) {}

  private final String own;
  private final DoubleSupplier random;
  private volatile @Nullable Division division;

  /**
   * Makes a preference.
   *
   * @param own zone of this gateway
   * @param random returns numbers from 0 to 1, which is excluded
   */
  public ZonePreference(String own, DoubleSupplier random) {
    this.own = own;
    this.random = random;
  }

  @Override
  public List<Node> narrow(List<Node> candidates, RoutingContext context) {
    Division current = division;
    if (current == null || !current.candidates().equals(candidates)) {
      // Two threads may both divide; the results are equal.
      current = new Division(candidates, divide(candidates));
      division = current;
    }
    if (current.parts().isEmpty()) {
      return candidates;
    }
    double drawn = current.parts().size() == 1 ? 0 : random.getAsDouble();
    for (Part part : current.parts()) {
      if (drawn < part.end()) {
        return part.nodes();
      }
    }
    return current.parts().getLast().nodes();
  }

  private List<Part> divide(List<Node> candidates) {
    Map<String, Integer> capacities = new TreeMap<>();
    candidates.forEach(node -> capacities.merge(node.zone(), node.weight(), Integer::sum));
    List<Part> parts = new ArrayList<>();
    double end = 0;
    for (Map.Entry<String, Double> share : ZoneShares.of(own, capacities).entrySet()) {
      end += share.getValue();
      parts.add(new Part(end, candidates.stream().filter(node -> node.zone().equals(share.getKey())).toList()));
    }
    return List.copyOf(parts);
  }
}
