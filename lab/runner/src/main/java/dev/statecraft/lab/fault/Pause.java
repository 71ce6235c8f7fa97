package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Suspends a node's process (SIGSTOP) and resumes it (SIGCONT). */
record Pause(Length length) implements Fault {
  /** How long the node is suspended. */
  enum Length {
    /** Longer than the 2 s without a message after which {@code replicated} considers a member failed. */
    LONG("pause", Duration.ofMillis(3_500)),
    /** Shorter than the timeout of every failure detector. */
    SHORT("pause-short", Duration.ofMillis(400));

    private final String name;
    private final Duration duration;

    Length(String name, Duration duration) {
      this.name = name;
      this.duration = duration;
    }
  }

  static final String UNSUPPORTED = "Kubernetes cannot suspend a pod";

  @Override
  public String name() {
    return length.name;
  }

  @Override
  public FaultEffects effects() {
    return length == Length.LONG ? FaultEffects.of(Effect.UNREACHABLE) : FaultEffects.NONE;
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of(UNSUPPORTED);
  }

  @Override
  public Duration duration(Duration usual) {
    return length.duration;
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
