package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Suspends a node's process (SIGSTOP) and resumes it (SIGCONT). */
record Pause(String name, Duration length, FaultEffects effects) implements Fault {
  /** Longer than the 2 s without a message after which {@code replicated} considers a member failed. */
  static final Pause LONG = new Pause("pause", Duration.ofMillis(3_500), FaultEffects.of(Effect.UNREACHABLE));
  /** Shorter than the timeout of every failure detector. */
  static final Pause SHORT = new Pause("pause-short", Duration.ofMillis(400), FaultEffects.NONE);
  static final String UNSUPPORTED = "Kubernetes cannot suspend a pod";

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of(UNSUPPORTED);
  }

  @Override
  public Duration duration(Duration usual) {
    return length;
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws InterruptedException {
    for (String target : targets) {
      cluster.pause(target);
    }
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws InterruptedException {
    cluster.resume(target);
  }
}
