package dev.statecraft.lab.fault;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.FaultTarget;
import dev.statecraft.lab.environment.SessionStoreState;
import dev.statecraft.lab.fault.Fault.Partition.Cut;
import dev.statecraft.lab.fault.Schedule.Planned;
import dev.statecraft.lab.history.FaultEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Does the faults of a schedule, one after the other, to the nodes of one strategy. {@link #run} is for one thread,
 * {@link #struck} for any.
 */
public final class FaultInjector {
  private static final long SLOW_STANDS = TimeUnit.MILLISECONDS.toNanos(80);
  private static final long SLOW_GOES = TimeUnit.MILLISECONDS.toNanos(20);

  private final FaultTarget subject;
  private final SessionStrategy strategy;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final List<FaultEvent> struck = new ArrayList<>();

  /**
   * An injector.
   *
   * @param nanos the run's clock, which the history is told by
   */
  public FaultInjector(FaultTarget subject, SessionStrategy strategy, LongSupplier nanos, RandomGenerator random) {
    this.subject = subject;
    this.strategy = strategy;
    this.nanos = nanos;
    this.random = random;
  }

  /**
   * Waits until each fault is due, does it, takes its cause away again, and waits until what it hit can serve.
   *
   * @throws ClusterFailure where a node does not come back; the faults that are left are not done
   */
  public void run(Schedule schedule) throws ClusterFailure, InterruptedException {
    for (Planned planned : schedule.planned()) {
      sleepUntil(planned.at().toNanos());
      perform(planned.fault(), planned.lasting());
    }
  }

  /** The faults as far as they have gone, one entry for each node that was hit; not ended is -1. */
  public List<FaultEvent> struck() {
    synchronized (struck) {
      return List.copyOf(struck);
    }
  }

  private void perform(Fault fault, Duration lasting) throws ClusterFailure, InterruptedException {
    switch (fault) {
      case Fault.Kill kill -> kill(kill, List.of(victim()), lasting);
      case Fault.KillAll all -> kill(all, List.copyOf(subject.states().keySet()), lasting);
      case Fault.GatewayKill gateway -> kill(gateway, List.of(FaultTarget.GATEWAY), lasting);
      case Fault.RedisKill redis -> kill(redis, List.of(FaultTarget.REDIS), lasting);
      case Fault.RedisFailover failover -> failOver(failover);
      case Fault.Wipe wipe -> wipe(wipe, List.of(victim()), lasting);
      case Fault.WipeAll all -> wipe(all, List.copyOf(subject.states().keySet()), lasting);
      case Fault.Term term -> terminate(term, victim(), lasting);
      case Fault.Rolling rolling when !subject.rolledOut().isEmpty() -> rollOut(rolling);
      case Fault.Rolling rolling -> {
        for (String name : List.copyOf(subject.states().keySet())) {
          terminate(rolling, name, Duration.ZERO);
        }
      }
      case Fault.Pause pause -> pause(pause, victim(), lasting);
      case Fault.ShortPause pause -> pause(pause, victim(), lasting);
      case Fault.Slow slow -> slow(slow, victim(), lasting);
      case Fault.ScaleOut out -> scaleOut(out, lasting);
      case Fault.ScaleIn in -> scaleIn(in, lasting);
      case Fault.Partition partition -> divide(partition, lasting);
      case Fault.Clock clock -> moveClock(clock, victim(), lasting);
    }
  }

  private String victim() throws ClusterFailure {
    return TargetSelector.choose(strategy, subject.states(), random);
  }

  private void kill(Fault fault, List<String> names, Duration lasting) throws ClusterFailure, InterruptedException {
    List<Integer> events = begin(fault, names);
    for (String name : names) {
      subject.kill(name);
    }
    TimeUnit.NANOSECONDS.sleep(lasting.toNanos());
    for (int i = 0; i < names.size(); i++) {
      subject.restart(names.get(i));
      end(events.get(i));
    }
    for (String name : names) {
      subject.awaitReady(name);
    }
  }

  private void wipe(Fault fault, List<String> names, Duration lasting) throws ClusterFailure, InterruptedException {
    List<Integer> events = begin(fault, names);
    for (String name : names) {
      subject.kill(name);
      subject.wipe(name);
    }
    TimeUnit.NANOSECONDS.sleep(lasting.toNanos());
    for (String name : names) {
      subject.restart(name);
    }
    for (int i = 0; i < names.size(); i++) {
      subject.awaitReady(names.get(i));
      // Until it can serve it is no member yet, so another wipe would be one at the same time.
      end(events.get(i));
    }
  }

  private void terminate(Fault fault, String name, Duration lasting) throws ClusterFailure, InterruptedException {
    int event = begin(fault, name);
    if (!subject.terminate(name)) {
      throw new ClusterFailure(name + " did not end when it was asked to, and had to be killed");
    }
    TimeUnit.NANOSECONDS.sleep(lasting.toNanos());
    subject.restart(name);
    end(event);
    subject.awaitReady(name);
  }

  private void rollOut(Fault fault) throws ClusterFailure, InterruptedException {
    List<Integer> events = begin(fault, subject.rolledOut());
    subject.rollOut();
    events.forEach(this::end);
  }

  private void scaleOut(Fault fault, Duration lasting) throws ClusterFailure, InterruptedException {
    String name = subject.furtherNode();
    int event = begin(fault, name);
    subject.add(name);
    subject.awaitReady(name);
    TimeUnit.NANOSECONDS.sleep(lasting.toNanos());
    remove(name);
    end(event);
  }

  private void scaleIn(Fault fault, Duration lasting) throws ClusterFailure, InterruptedException {
    String name = subject.lastNode();
    int event = begin(fault, name);
    remove(name);
    TimeUnit.NANOSECONDS.sleep(lasting.toNanos());
    subject.add(name);
    end(event);
    subject.awaitReady(name);
  }

  private void remove(String name) throws ClusterFailure, InterruptedException {
    if (!subject.remove(name)) {
      throw new ClusterFailure(name + " did not end when it was taken out, and had to be killed");
    }
  }

  private void failOver(Fault fault) throws ClusterFailure, InterruptedException {
    String primary = subject.primary();
    int event = begin(fault, primary);
    subject.killPrimary(primary, Fault.RedisFailover.BEHIND);
    subject.awaitFailover(primary);
    end(event);
    subject.rejoin(primary);
  }

  private void divide(Fault.Partition fault, Duration lasting) throws ClusterFailure, InterruptedException {
    Map<String, Optional<SessionStoreState>> states = subject.states();
    List<String> others = new ArrayList<>(states.keySet());
    List<String> cutOff = new ArrayList<>(List.of(TargetSelector.choose(strategy, states, random)));
    others.removeAll(cutOff);
    if (fault.cut() == Cut.MINORITY) {
      int minority = others.size() / 2;
      while (cutOff.size() < minority) {
        cutOff.add(others.remove(random.nextInt(others.size())));
      }
    }
    if (strategy == SessionStrategy.REDIS) {
      others.add(FaultTarget.REDIS);
    }
    List<Integer> events = begin(fault, cutOff);
    try {
      if (fault.cut().isMute()) {
        subject.cut(cutOff, others);
      }
      if (fault.cut().isDeaf()) {
        subject.cut(others, cutOff);
      }
      TimeUnit.NANOSECONDS.sleep(lasting.toNanos());
    } finally {
      subject.mend();
    }
    events.forEach(this::end);
    for (String name : cutOff) {
      subject.awaitReady(name);
    }
  }

  private void moveClock(Fault.Clock fault, String name, Duration lasting)
      throws ClusterFailure, InterruptedException {
    int event = begin(fault, name);
    Duration by = fault.jump().by();
    try {
      for (Duration error : List.of(by, by.negated())) {
        subject.setClock(name, error);
        TimeUnit.NANOSECONDS.sleep(lasting.toNanos() / 2);
      }
    } finally {
      subject.setClock(name, Duration.ZERO);
    }
    end(event);
    subject.awaitReady(name);
  }

  private void pause(Fault fault, String name, Duration lasting) throws ClusterFailure, InterruptedException {
    int event = begin(fault, name);
    try {
      subject.pause(name);
      TimeUnit.NANOSECONDS.sleep(lasting.toNanos());
    } finally {
      subject.resume(name);
    }
    end(event);
    subject.awaitReady(name);
  }

  private void slow(Fault fault, String name, Duration lasting) throws ClusterFailure, InterruptedException {
    int event = begin(fault, name);
    long over = nanos.getAsLong() + lasting.toNanos();
    try {
      while (nanos.getAsLong() < over) {
        subject.pause(name);
        TimeUnit.NANOSECONDS.sleep(SLOW_STANDS);
        subject.resume(name);
        TimeUnit.NANOSECONDS.sleep(SLOW_GOES);
      }
    } finally {
      subject.resume(name);
    }
    end(event);
    subject.awaitReady(name);
  }

  private List<Integer> begin(Fault fault, List<String> names) {
    return names.stream().map(name -> begin(fault, name)).toList();
  }

  private int begin(Fault fault, String name) {
    synchronized (struck) {
      struck.add(new FaultEvent(fault.id(), name, nanos.getAsLong(), -1));
      return struck.size() - 1;
    }
  }

  private void end(int event) {
    synchronized (struck) {
      FaultEvent begun = struck.get(event);
      struck.set(event, new FaultEvent(begun.kind(), begun.target(), begun.began(), nanos.getAsLong()));
    }
  }

  private void sleepUntil(long at) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(at - nanos.getAsLong());
  }
}
