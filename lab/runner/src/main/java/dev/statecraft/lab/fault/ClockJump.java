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
record ClockJump(String name, Duration offset, Optional<String> onlyByName) implements Fault {
  /** Less than the session timeout: no session may be affected. */
  static final ClockJump MINUTES = new ClockJump("clock", Duration.ofMinutes(5), Optional.empty());
  /** More than the default session timeout: sessions expire too early, which hides other losses. */
  static final ClockJump PAST_TIMEOUT = new ClockJump("clock-far", Duration.ofHours(1),
      Optional.of("makes sessions expire too early"));

  @Override
  public String requirement() {
    return "on Linux, with libfaketime";
  }

  @Override
  public FaultEffects effects() {
    return FaultEffects.ofClockError(offset);
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
    cluster.setClock(targets.getFirst(), offset);
  }

  @Override
  public void hold(FaultTarget cluster, List<String> targets, Duration duration)
      throws ClusterFailure, InterruptedException {
    Thread.sleep(duration.dividedBy(2));
    cluster.setClock(targets.getFirst(), offset.negated());
    Thread.sleep(duration.dividedBy(2));
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws ClusterFailure, InterruptedException {
    cluster.setClock(target, Duration.ZERO);
  }
}
