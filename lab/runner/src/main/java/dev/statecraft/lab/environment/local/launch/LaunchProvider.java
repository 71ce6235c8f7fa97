package dev.statecraft.lab.environment.local.launch;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.Launch;

/** Supplies the launch of each node of a cluster. */
@FunctionalInterface
public interface LaunchProvider {
  /**
   * The launch of one node.
   *
   * @param variant the variant of the AOT cache: the strategy of a stateful node, otherwise the name of the module
   * @param node the name of the node
   */
  Launch of(App app, String variant, String node) throws ClusterFailure;
}
