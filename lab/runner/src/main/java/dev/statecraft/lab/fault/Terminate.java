package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.util.List;

/** Stops a node with SIGTERM, so that it finishes its requests, and restarts it. */
record Terminate() implements ProcessKill {
  @Override
  public String name() {
    return "term";
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "terminate one pod of " + release.nodes();
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    for (String target : targets) {
      terminate(cluster, target);
    }
  }

  static void terminate(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    if (!cluster.terminate(target)) {
      throw new ClusterFailure(target + " did not stop after SIGTERM, and was killed");
    }
  }
}
