package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Chooses the targets of a fault among the nodes of one strategy. The seed determines random choices. */
public final class TargetSelector {
  private final SessionStrategy strategy;
  private final FaultTarget cluster;
  private final RandomGenerator random;

  TargetSelector(SessionStrategy strategy, FaultTarget cluster, RandomGenerator random) {
    this.strategy = strategy;
    this.cluster = cluster;
    this.random = random;
  }

  public FaultTarget cluster() {
    return cluster;
  }

  /** Every stateful node. */
  public List<String> all() throws ClusterFailure {
    return cluster.nodes();
  }

  /**
   * The node whose loss hurts most: the owner of most sessions if sessions have owners, the leader if there is one,
   * otherwise a random node.
   */
  public String mostImportant() throws ClusterFailure {
    Map<String, Optional<SessionStoreState>> states = cluster.states();
    Optional<String> chosen = Optional.empty();
    if (strategy.has(StrategyTrait.SESSIONS_HAVE_OWNERS)) {
      chosen = ownerOfMost(states);
    } else if (strategy.has(StrategyTrait.HAS_LEADER)) {
      chosen = leader(states);
    }
    return chosen.orElseGet(() -> any(states.keySet()));
  }

  /** The largest minority of the nodes, including the most important one. */
  public List<String> minority() throws ClusterFailure {
    List<String> minority = new ArrayList<>(List.of(mostImportant()));
    List<String> others = new ArrayList<>(all());
    others.removeAll(minority);
    int size = others.size() / 2;
    while (minority.size() < size) {
      minority.add(others.remove(random.nextInt(others.size())));
    }
    return List.copyOf(minority);
  }

  private static Optional<String> ownerOfMost(Map<String, Optional<SessionStoreState>> states) {
    return states.entrySet().stream().filter(entry -> entry.getValue().isPresent())
        .max(Comparator.comparingLong(entry -> entry.getValue().map(SessionStoreState::sessions).orElse(0L)))
        .map(Map.Entry::getKey);
  }

  /** The leader that most nodes report: shortly after an election some may still report the old one. */
  private static Optional<String> leader(Map<String, Optional<SessionStoreState>> states) {
    Map<String, Long> votes = states.values().stream().flatMap(Optional::stream).map(SessionStoreState::leader)
        .filter(Objects::nonNull).filter(states::containsKey)
        .collect(Collectors.groupingBy(Function.identity(), LinkedHashMap::new, Collectors.counting()));
    return votes.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  private String any(Set<String> names) {
    return names.stream().sorted().skip(random.nextInt(names.size())).findFirst().orElseThrow();
  }
}
