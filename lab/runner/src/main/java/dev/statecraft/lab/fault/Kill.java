package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.ReleaseFacts;

/**
 * A node's process is killed with SIGKILL and started again a few seconds later, on the same port and disk. On
 * Kubernetes its pod is deleted with no time to end, and another is made in its place.
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
