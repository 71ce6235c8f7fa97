package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.SessionStoreState;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Chooses the node whose loss hurts most: the owner of most sessions where sessions have owners, the leader where there
 * is one, and otherwise any, by the seed.
 */
final class TargetSelector {
  private TargetSelector() {}

  /**
   * The name of the node to hit.
   *
   * @param states what each node says of itself, by name; empty where it did not answer
   */
  static String choose(
      SessionStrategy strategy, Map<String, Optional<SessionStoreState>> states, RandomGenerator random) {
    return switch (strategy) {
      case AFFINITY -> ownerOfMost(states).orElseGet(() -> any(states, random));
      case REPLICATED -> leader(states).orElseGet(() -> any(states, random));
      case REDIS, COOKIE -> any(states, random);
    };
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

  private static String any(Map<String, Optional<SessionStoreState>> states, RandomGenerator random) {
    return states.keySet().stream().sorted().skip(random.nextInt(states.size())).findFirst().orElseThrow();
  }
}
