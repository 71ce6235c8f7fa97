package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ReleaseFacts;

/**
 * Kills a node's process with SIGKILL and restarts it a few seconds later on the same port and disk. On Kubernetes the
 * pod is deleted without a grace period, and its controller creates another.
 */
record Kill() implements ProcessKill {
  @Override
  public String name() {
    return "kill";
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.of(Effect.ENDS_PROCESS);
  }

  @Override
  public String describe(ReleaseFacts release) {
    return "kill one pod of " + release.nodes();
  }
}
