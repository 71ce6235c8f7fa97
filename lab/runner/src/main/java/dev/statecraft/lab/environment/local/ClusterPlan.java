package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a local cluster consists of, besides its gateway.
 *
 * @param strategies for each of them a group of stateful nodes
 * @param nodes stateful nodes in each group
 * @param reads the read guarantee of {@code replicated}, or null for its default
 * @param writes how {@code redis} writes, or null for its default; {@code confirmed} needs sentinels
 * @param sessionTimeout how long a session may be idle, in whole seconds, or null for the default
 * @param traits what it must be able to bear
 * @param others whether the stateless and the reactive service stand beside them
 * @param logs where each process's output is kept, one file for each
 */
public record ClusterPlan(List<SessionStrategy> strategies, int nodes, @Nullable String reads, @Nullable String writes,
    @Nullable Duration sessionTimeout, Set<LocalTrait> traits, boolean others, Path logs) {
  public ClusterPlan {
    strategies = List.copyOf(strategies);
    traits = Set.copyOf(traits);
  }

  /** A cluster whose Redis is written to as by default. */
  public ClusterPlan(List<SessionStrategy> strategies, int nodes, @Nullable String reads, boolean others, Path logs) {
    this(strategies, nodes, reads, null, null, Set.of(), others, logs);
  }

  boolean has(LocalTrait trait) {
    return traits.contains(trait);
  }

  /** The name of a stateful node, such as {@code redis-2}; the first is 1. */
  static String nodeName(SessionStrategy strategy, int number) {
    return strategy.id() + "-" + number;
  }
}
