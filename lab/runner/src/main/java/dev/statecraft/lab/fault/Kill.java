package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.util.List;

/**
 * Kills a node's process with SIGKILL, or those of all stateful nodes at once, and restarts it a few seconds later on
 * the same port and disk. On Kubernetes the pod is deleted without a grace period, and its controller creates another.
 */
record Kill(String name) implements ProcessKill {
  static final Kill ONE_NODE = new Kill("kill");
  static final Kill ALL_NODES = new Kill("kill-all");

  @Override
  public String describe(ReleaseFacts release) {
    return "kill " + (equals(ALL_NODES) ? "all " + release.replicas() + " pods" : "one pod") + " of " + release.nodes();
  }

  @Override
  public boolean takesTarget() {
    return !equals(ALL_NODES);
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(equals(ALL_NODES) ? nodes.all() : List.of(nodes.mostImportant()));
  }
}
