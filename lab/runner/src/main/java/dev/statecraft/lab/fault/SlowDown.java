package dev.statecraft.lab.fault;

import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.ReleaseFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Slows a node down: suspends its process for 80 ms out of every 100 ms. */
record SlowDown() implements Fault {
  private static final Duration STOPPED = Duration.ofMillis(80);
  private static final Duration RUNNING = Duration.ofMillis(20);

  @Override
  public String name() {
    return "slow";
  }

  @Override
  public Optional<String> unsupportedOn(ReleaseFacts release) {
    return Optional.of(Pause.UNSUPPORTED);
  }

  @Override
  public void inject(FaultTarget cluster, List<String> targets) {}

  @Override
  public void hold(FaultTarget cluster, List<String> targets, Duration duration) throws InterruptedException {
    long cycles = Math.max(1, duration.dividedBy(STOPPED.plus(RUNNING)));
    for (long cycle = 0; cycle < cycles; cycle++) {
      cluster.pause(targets.getFirst());
      Thread.sleep(STOPPED);
      cluster.resume(targets.getFirst());
      Thread.sleep(RUNNING);
    }
  }

  @Override
  public void heal(FaultTarget cluster, String target) throws InterruptedException {
    cluster.resume(target);
  }
}
