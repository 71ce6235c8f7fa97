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
 * Sets a node's wall clock ahead, then behind by the same amount, then right again. The monotonic clock, and with it
 * every timeout, keeps running. The target is the most important node, because the leader decides which sessions have
 * expired.
 */
record ClockJump(Distance distance) implements Fault {
  /** How far the clock jumps. */
  enum Distance {
    /** Less than the session timeout: no session may be affected. */
    MINUTES("clock", Duration.ofMinutes(5)),
    /** More than the default session timeout: sessions expire too early, which hides other losses. */
    PAST_TIMEOUT("clock-far", Duration.ofHours(1));

    private final String name;
    private final Duration offset;

    Distance(String name, Duration offset) {
      this.name = name;
      this.offset = offset;
    }
  }

  @Override
  public String name() {
    return distance.name;
  }

  @Override
  public String requirement() {
    return "on Linux, with libfaketime";
  }

  @Override
  public Optional<String> onlyByName() {
    return distance == Distance.MINUTES ? Optional.empty() : Optional.of("makes sessions expire too early");
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.ofClockError(distance.offset);
  }

  @Override
  public Set<LocalTrait> traits() {
    return Set.of(LocalTrait.OWN_CLOCKS);
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of("a pod shares the clock of its machine");
  }

  /** Half of it with the clock ahead, half with the clock behind. */
  @Override
  public Duration duration(Duration usual) {
    return usual.multipliedBy(2);
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) throws ClusterFailure, InterruptedException {
    cluster.setClock(targets.getFirst(), distance.offset);
  }

  @Override
  public void hold(FaultTarget cluster, List<String> targets, Duration duration)
      throws ClusterFailure, InterruptedException {
    Thread.sleep(duration.dividedBy(2));
    cluster.setClock(targets.getFirst(), distance.offset.negated());
    Thread.sleep(duration.dividedBy(2));
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.setClock(target, Duration.ZERO);
  }
}
