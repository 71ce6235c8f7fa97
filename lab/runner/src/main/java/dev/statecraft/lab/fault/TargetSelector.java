package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
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

/** Chooses what a fault hits among the nodes of one strategy; random choices follow from the seed. */
public final class TargetSelector {
  private final SessionStrategy strategy;
  private final FaultTarget cluster;
  private final RandomGenerator random;

  TargetSelector(SessionStrategy strategy, FaultTarget cluster, RandomGenerator random) {
    this.strategy = strategy;
    this.cluster = cluster;
    this.random = random;
  }

  /** The cluster whose nodes are chosen from. */
  public FaultTarget cluster() {
    return cluster;
  }

  /** Every stateful node. */
  public List<String> all() throws ClusterFailure {
    return cluster.nodes();
  }

  /**
   * The node whose loss hurts most: the owner of most sessions where sessions have owners, the leader where there is
   * one, and otherwise any.
   */
  public String mostImportant() throws ClusterFailure {
    Map<String, Optional<SessionStoreState>> states = cluster.states();
    Optional<String> chosen = Optional.empty();
    if (strategy == SessionStrategy.AFFINITY) {
      chosen = ownerOfMost(states);
    } else if (strategy == SessionStrategy.REPLICATED) {
      chosen = leader(states);
    }
    return chosen.orElseGet(() -> any(states.keySet()));
  }

  /** As many nodes as are less than half, the most important one among them. */
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

  /** The one that most nodes name: for a moment after an election some may name the old one. */
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
