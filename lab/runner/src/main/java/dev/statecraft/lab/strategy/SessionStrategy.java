package dev.statecraft.lab.strategy;

import dev.statecraft.lab.environment.ClusterFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A session strategy that the lab can start, disturb and compare. The lab finds implementations by
 * {@link java.util.ServiceLoader}; each is a public class with a public constructor without parameters, and stateless.
 * The conditions of its anomalies are {@link dev.statecraft.lab.checker.guarantee.GuaranteeRules}, which the checker
 * finds in the same way.
 */
public interface SessionStrategy {
  /** The name in options, routes, histories and {@code statecraft.session.strategy}. */
  String id();

  /**
   * The guarantee and the anomaly, for reports.
   *
   * @param reads the read guarantee of {@code --reads}
   * @param writes the write mode of {@code --writes}
   */
  GuaranteeText guarantee(String reads, String writes);

  /** When to choose the strategy, for reports. */
  StrategyProfile profile();

  /**
   * Whether the stateful service needs the jars in {@link #jars} to run the strategy. By default the lab compares only
   * strategies that are no peers.
   */
  default boolean isPeer() {
    return true;
  }

  /**
   * The directory with the jars of a peer, to be added to the stateful service.
   *
   * @param home the root of the source tree of Statecraft
   */
  default Path jars(Path home) {
    return home.resolve("session-peers").resolve(id()).resolve("target").resolve("peer");
  }

  /** What the strategy has or needs. */
  default Set<StrategyTrait> traits() {
    return Set.of();
  }

  /** Tells whether the strategy has a trait. */
  default boolean has(StrategyTrait trait) {
    return traits().contains(trait);
  }

  /** A server that the nodes share and the lab starts before them, besides {@link StrategyTrait#USES_REDIS}. */
  default Optional<SharedStore> store() {
    return Optional.empty();
  }

  /** The ports at which nodes listen for each other, if the strategy needs any. */
  default Optional<MemberPorts> memberPorts() {
    return Optional.empty();
  }

  /**
   * Adds the Spring Boot properties of a node.
   *
   * @param properties those of every stateful node, which include {@code statecraft.session.strategy}
   */
  default void configure(NodeContext node, Map<String, String> properties)
      throws ClusterFailure, IOException, InterruptedException {
    // By default there are no others.
  }

  /** The smallest number of nodes that serve. */
  default int minNodes() {
    return 1;
  }

  /** Why the strategy cannot run with a number of nodes, such as "needs 3 nodes"; empty if it can. */
  default Optional<String> unsupportedReason(int nodes) {
    return nodes < minNodes() ? Optional.of("needs at least " + minNodes() + " nodes") : Optional.empty();
  }

  /** Whether every read sees all that was acknowledged to any client before it began. */
  default boolean isLinearizable(String reads) {
    return false;
  }
}
