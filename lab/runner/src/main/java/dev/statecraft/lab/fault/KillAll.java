package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.util.List;

/** Kills all stateful nodes at once and restarts them together. */
record KillAll() implements ProcessKill {
  @Override
  public String name() {
    return "kill-all";
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.ENDS_PROCESS);
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "kill all " + release.replicas() + " pods of " + release.nodes();
  }

  @Override
  public List<List<String>> chooseTargets(TargetSelector nodes) throws ClusterFailure {
    return List.of(nodes.all());
  }
}
