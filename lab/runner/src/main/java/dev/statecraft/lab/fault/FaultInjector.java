package dev.statecraft.lab.fault;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Injects the faults of a schedule, one after the other, into the nodes of one strategy. Only one thread may call
 * {@link #run}; {@link #injected} is thread-safe.
 */
public final class FaultInjector {
  private final FaultTarget cluster;
  private final TargetSelector nodes;
  private final LongSupplier nanos;
  private final Consumer<FaultEvent> listener;

  @GuardedBy("injected")
  private final List<FaultEvent> injected = new ArrayList<>();

  /** Creates an injector for one run; the history uses the same clock, in nanoseconds. */
  public FaultInjector(FaultTarget cluster, SessionStrategy strategy, LongSupplier nanos, RandomGenerator random) {
    this(cluster, strategy, nanos, random, event -> {});
  }

  /**
   * Creates an injector.
   *
   * @param listener is told each fault when it begins, with the end -1, and when it ends
   */
  public FaultInjector(FaultTarget cluster, SessionStrategy strategy, LongSupplier nanos, RandomGenerator random,
      Consumer<FaultEvent> listener) {
    this.listener = listener;
    this.cluster = cluster;
    this.nodes = new TargetSelector(strategy, cluster, random);
    this.nanos = nanos;
  }

  /**
   * Waits until each fault is due, injects it, heals it, and waits until its targets have recovered.
   *
   * @throws ClusterFailure if a node does not recover; the remaining faults are then not injected
   */
  public void run(Schedule schedule) throws ClusterFailure, InterruptedException {
    for (Planned planned : schedule.planned()) {
      TimeUnit.NANOSECONDS.sleep(planned.at().toNanos() - nanos.getAsLong());
      String target = planned.target();
      List<List<String>> groups = target == null
          ? planned.fault().chooseTargets(nodes)
          : List.of(List.of(target));
      for (List<String> group : groups) {
        perform(planned.fault(), group, planned.duration());
      }
    }
  }

  /** The faults injected so far, one event for each target; a fault that is not over ends at -1. */
  public List<FaultEvent> injected() {
    synchronized (injected) {
      return List.copyOf(injected);
    }
  }

  private void perform(Fault fault, List<String> targets, Duration duration)
      throws ClusterFailure, InterruptedException {
    Map<String, Integer> events = new LinkedHashMap<>();
    targets.forEach(target -> events.put(target, begin(fault, target)));
    try {
      fault.inject(cluster, targets);
      fault.hold(cluster, targets, duration);
    } catch (ClusterFailure | RuntimeException e) {
      healAfter(e, fault, targets);
      throw e;
    }
    for (Map.Entry<String, Integer> event : events.entrySet()) {
      fault.heal(cluster, event.getKey());
      if (!fault.endsWhenRecovered()) {
        end(event.getValue());
      }
    }
    for (Map.Entry<String, Integer> event : events.entrySet()) {
      fault.awaitRecovery(cluster, event.getKey());
      if (fault.endsWhenRecovered()) {
        end(event.getValue());
      }
    }
  }

  private void healAfter(Exception failure, Fault fault, List<String> targets) throws InterruptedException {
    for (String target : targets) {
      try {
        fault.heal(cluster, target);
      } catch (ClusterFailure | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }

  private int begin(Fault fault, String target) {
    FaultEvent begun = new FaultEvent(fault.name(), target, nanos.getAsLong(), -1);
    listener.accept(begun);
    synchronized (injected) {
      injected.add(begun);
      return injected.size() - 1;
    }
  }

  private void end(int event) {
    FaultEvent ended;
    synchronized (injected) {
      FaultEvent begun = injected.get(event);
      ended = new FaultEvent(begun.kind(), begun.target(), begun.began(), nanos.getAsLong());
      injected.set(event, ended);
    }
    listener.accept(ended);
  }
}
