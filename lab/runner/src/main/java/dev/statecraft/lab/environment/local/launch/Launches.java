package dev.statecraft.lab.environment.local.launch;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Launch;

/** Says how each node of a cluster is started. */
@FunctionalInterface
public interface Launches {
  /**
   * The way to start one node.
   *
   * @param variant what the application's work depends on: for the stateful service its strategy, otherwise the
   * module's name
   * @param node the node's name
   */
  Launch of(App app, String variant, String node) throws ClusterFailure;
}
