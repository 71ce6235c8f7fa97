package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import dev.statecraft.lab.environment.local.LocalTrait;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A node's wall clock jumps ahead, then as far behind, then it is right again. Its monotonic clock, and whatever waits
 * by it, go on as before. It hits the most important node: where sessions have a leader, that one decides which have
 * expired.
 *
 * @param distance how far
 */
record ClockJump(Distance distance) implements Fault {
  /** How far. */
  enum Distance {
    /** By less than a session may idle: no session may notice. */
    MINUTES("clock", Duration.ofMinutes(5)),
    /** By more than a session may idle by default, so that sessions expire too early, which hides other losses. */
    PAST_TIMEOUT("clock-far", Duration.ofHours(1));

    private final String fault;
    private final Duration error;

    Distance(String fault, Duration error) {
      this.fault = fault;
      this.error = error;
    }
  }

  @Override
  public String name() {
    return distance.fault;
  }

  @Override
  public String requirement() {
    return "on Linux, with libfaketime";
  }

  @Override
  public Optional<String> onlyByName() {
    return distance == Distance.MINUTES ? Optional.empty() : Optional.of("has sessions expire too early");
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.ofClockError(distance.error);
  }

  @Override
  public Set<LocalTrait> traits() {
    return Set.of(LocalTrait.OWN_CLOCKS);
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of("a pod has no clock of its own that could be moved");
  }

  /** Time ahead and time behind. */
  @Override
  public Duration duration(Duration usual) {
    return usual.multipliedBy(2);
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    cluster.setClock(targets.getFirst(), distance.error);
  }

  @Override
  public void hold(FaultTarget cluster, List<String> targets, Duration duration)
      throws ClusterFailure, InterruptedException {
    Thread.sleep(duration.dividedBy(2));
    cluster.setClock(targets.getFirst(), distance.error.negated());
    Thread.sleep(duration.dividedBy(2));
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.setClock(target, Duration.ZERO);
  }
}
