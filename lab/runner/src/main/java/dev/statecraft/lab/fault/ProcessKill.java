package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import java.util.List;

/** A fault that ends processes, by default with SIGKILL, and restarts them. */
interface ProcessKill extends Fault {
  @Override
  default FaultEffects effects() {
    return FaultEffects.of(Effect.ENDS_PROCESS);
  }

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
