package dev.statecraft.lab.environment;

import java.time.Duration;

/**
 * The CPU time that the processes of a cluster have used since their start.
 *
 * @param store the servers that nodes share, such as Redis; zero without any
 */
public record ClusterCpu(Duration gateway, Duration nodes, Duration store) {
  /** What was used since an earlier reading of the same processes. */
  public ClusterCpu since(ClusterCpu earlier) {
    return new ClusterCpu(gateway.minus(earlier.gateway), nodes.minus(earlier.nodes), store.minus(earlier.store));
  }
}
