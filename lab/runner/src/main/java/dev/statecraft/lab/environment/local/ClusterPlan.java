package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.strategy.SessionStrategy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The composition of a local cluster, besides its gateway.
 *
 * @param strategies the strategies, each with its own stateful nodes
 * @param nodes the number of stateful nodes of each strategy
 * @param reads the read guarantee of {@code replicated}; null for the default
 * @param writes the write mode of {@code redis}; null for the default; {@code confirmed} needs sentinels
 * @param sessionTimeout the idle timeout of a session in whole seconds; null for the default
 * @param traits the optional capabilities that the cluster needs
 * @param sessionless whether the cluster includes the stateless and the reactive service
 * @param logs the directory for the output of the processes, one file each
 */
public record ClusterPlan(List<SessionStrategy> strategies, int nodes, @Nullable String reads, @Nullable String writes,
    @Nullable Duration sessionTimeout, Set<LocalTrait> traits, boolean sessionless, Path logs) {
  public ClusterPlan {
    strategies = List.copyOf(strategies);
    traits = Set.copyOf(traits);
  }

  /** A plan with the defaults for the other components. */
  public ClusterPlan(List<SessionStrategy> strategies, int nodes, @Nullable String reads, boolean sessionless,
      Path logs) {
    this(strategies, nodes, reads, null, null, Set.of(), sessionless, logs);
  }

  boolean has(LocalTrait trait) {
    return traits.contains(trait);
  }

  /** The name of a stateful node, such as {@code redis-2}; numbers start at 1. */
  static String nodeName(SessionStrategy strategy, int number) {
    return strategy.id() + "-" + number;
  }
}
