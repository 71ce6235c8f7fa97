package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.FaultEffects.Effect;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A node stands still (SIGSTOP), and then goes on where it was.
 *
 * @param length whether failure detectors notice
 */
record Pause(Length length) implements Fault {
  /** For how long. */
  enum Length {
    /** Longer than the two seconds of silence after which {@code replicated} takes a member for dead. */
    LONG("pause", Duration.ofMillis(3_500)),
    /** Shorter than what any failure detector of the cluster waits for. */
    SHORT("pause-short", Duration.ofMillis(400));

    private final String fault;
    private final Duration duration;

    Length(String fault, Duration duration) {
      this.fault = fault;
      this.duration = duration;
    }
  }

  static final String UNSUPPORTED = "Kubernetes has no way to make a pod stand still";

  @Override
  public String name() {
    return length.fault;
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
