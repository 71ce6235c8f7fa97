package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import java.util.List;

/** A fault that kills processes with SIGKILL and restarts them. */
interface ProcessKill extends Fault {
  @Override
  default void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    for (String target : targets) {
      cluster.kill(target);
    }
  }

  @Override
  default void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.restart(target);
  }
}
