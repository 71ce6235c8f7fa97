package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.console.ProgressLoop;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import dev.statecraft.lab.fault.FaultInjector;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.fault.Schedule.NotRun;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.history.HistoryWriter;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.load.Arrivals;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.OpenLoop;
import dev.statecraft.lab.load.OpenLoop.Measured;
import dev.statecraft.lab.load.SessionClient;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A run of one strategy: offers load, injects faults, reads every cart back, and writes the history. */
public final class StrategyRun {
  static final Duration FAULT_TIMEOUT = Duration.ofMinutes(2);
  /** With a shorter warm-up, nothing but the measured load warms the cluster up. */
  private static final Duration MIN_DRIVEN = Duration.ofSeconds(10);
  /** In which the rate of a cold cluster rises. */
  private static final Duration RAMP = Duration.ofSeconds(4);

  private final ComparePlan plan;
  private final SessionStrategy strategy;
  private final Progress progress;
  private final String title;

  public StrategyRun(ComparePlan plan, SessionStrategy strategy, Progress progress, String title) {
    this.plan = plan;
    this.strategy = strategy;
    this.progress = progress;
    this.title = title;
  }

  /** Runs the strategy; throws {@link ClusterFailure} if the environment does not start. */
  public Recorded run(Environments environments) throws ClusterFailure, IOException, InterruptedException {
    progress.status(title + "starting");
    Path file = plan.out().resolve(historyOf(strategy));
    try (TestEnvironment environment = environments.start(plan, strategy)) {
      List<String> nodes = environment.nodes();
      Duration timeout = plan.sessionTimeout();
      History begun = new History(strategy.id(), plan.reads(strategy), plan.writes(strategy), plan.historyWorkload(),
          plan.seed(), nodes, timeout == null ? null : timeout.toMillis(), List.of(), List.of());
      Schedule schedule = plan.schedule(strategy, fault -> environments.unsupportedReason(fault, strategy));
      RecoveryProbe recovery = new RecoveryProbe(nodes);
      Measured measured;
      String problem;
      WarmUp warmUp;
      try (HistoryWriter writer = HistoryWriter.create(file, begun);
          ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
        LoadPlan load = plan.load(strategy);
        RunClock clock = new RunClock();
        FaultInjector injector = new FaultInjector(environment.faultTarget(), strategy, clock, plan.random(strategy));
        Queue<Operation> cold = new ConcurrentLinkedQueue<>();
        try (SessionClient client = new SessionClient(environment.prefix(), load.sessions() + ClusterWarmUp.USERS,
            load.deadline());
            OpenLoop loop = new OpenLoop(load, client, clock, Clock.systemUTC(), operation -> {
              if (clock.isWarmingUp()) {
                cold.add(operation);
              } else {
                recovery.observe(operation, injector.injected());
                writer.record(operation);
              }
            })) {
          warmUp = warmUp(environments, environment, load, client, loop);
          long lasted = clock.startMeasuring();
          cold.forEach(operation -> writer.record(operation.earlier(lasted)));
          Future<Void> fault = faults.submit(() -> {
            injector.run(schedule);
            return null;
          });
          try (ProgressLoop _ = new ProgressLoop(progress,
              () -> status(loop, clock, load, injector.injected(), recovery))) {
            measured = loop.run(new Arrivals(load.ratePerSecond(), Duration.ZERO, load.measured()),
                () -> hasEnded(fault, injector.injected(), recovery), recoveryTimeout(environment, schedule));
            problem = end(fault, writer, injector, recovery);
            loop.readBack(nodes.size());
          }
        } finally {
          faults.shutdownNow();
        }
      }
      return new Recorded(HistoryReader.read(file), measured, schedule.notRun(), problem, warmUp);
    }
  }

  /**
   * Offers the load until the cluster is warm, or for the time of the plan. Its operations count for the verdict, and
   * the users that drive the cluster do not.
   */
  private @Nullable WarmUp warmUp(Environments environments, TestEnvironment environment, LoadPlan load,
      SessionClient client, OpenLoop loop) throws InterruptedException {
    if (load.warmUp().isZero()) {
      return null;
    }
    if (load.warmUp().compareTo(MIN_DRIVEN) < 0 || !environments.mayDrive()) {
      try (ProgressLoop _ = new ProgressLoop(progress, () -> warmingUp(loop))) {
        loop.run(new Arrivals(load.ratePerSecond(), load.warmUp().dividedBy(2), load.warmUp().dividedBy(2)),
            () -> true, Duration.ZERO);
      }
      return null;
    }
    ClusterWarmUp warmUp = new ClusterWarmUp(load, client, Clock.systemUTC(), environment.compilerTime(),
        load.warmUp());
    try (ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        ProgressLoop _ = new ProgressLoop(progress, () -> warmingUp(loop))) {
      Future<WarmUp> driven = thread.submit(warmUp::run);
      try {
        loop.run(new Arrivals(load.ratePerSecond(), RAMP, RAMP), driven::isDone, load.warmUp().multipliedBy(2));
        return driven.get(load.deadline().toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IllegalStateException("the warm-up failed: " + e, e);
      } finally {
        thread.shutdownNow();
      }
    }
  }

  private String warmingUp(OpenLoop loop) {
    return title + "warming up, " + loop.counters().good() + " good answers, " + loop.counters().errors() + " errors";
  }

  /** The path of a strategy's history in the results directory. */
  public static String historyOf(SessionStrategy strategy) {
    return "histories/" + strategy.id() + ".jsonl";
  }

  private static Duration recoveryTimeout(TestEnvironment environment, Schedule schedule) {
    return environment.recoveryTimeout().multipliedBy(Math.max(1, schedule.planned().size()));
  }

  private static boolean hasEnded(Future<Void> fault, List<FaultEvent> injected, RecoveryProbe recovery) {
    return switch (fault.state()) {
      case RUNNING -> false;
      case SUCCESS -> recovery.missing(injected).isEmpty();
      case FAILED, CANCELLED -> true;
    };
  }

  /** Waits for the faults after the load, records them, and returns what went wrong with them; null for nothing. */
  private static @Nullable String end(Future<Void> fault, HistoryWriter writer, FaultInjector injector,
      RecoveryProbe recovery) throws InterruptedException {
    boolean inTime = fault.isDone();
    String problem = null;
    try {
      fault.get(FAULT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      List<String> missing = recovery.missing(injector.injected());
      if (!missing.isEmpty()) {
        problem = String.join(", ", missing) + (inTime
            ? " recovered but served no request before the load ended"
            : " did not recover before the load ended");
      }
    } catch (ExecutionException e) {
      problem = String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    } catch (TimeoutException e) {
      problem = "the faults did not end within " + FAULT_TIMEOUT.toSeconds() + " s after the load";
    }
    injector.injected().forEach(writer::record);
    return problem;
  }

  private String status(OpenLoop loop, RunClock clock, LoadPlan load, List<FaultEvent> faults,
      RecoveryProbe recovery) {
    long seconds = Math.floorDiv(clock.getAsLong(), 1_000_000_000L);
    String phase = seconds <= load.measured().toSeconds()
        ? "measuring " + seconds + "/" + load.measured().toSeconds() + " s"
        : "reading every cart back";
    int last = faults.size() - 1;
    String injected = last < 0
        ? ""
        : ", " + faults.get(last).kind() + " of " + faults.get(last).target()
            + (recovery.servesAgain(last) ? " (serves again)" : "");
    return title + phase + ", " + loop.counters().good() + " good answers, " + loop.counters().errors() + " errors"
        + injected;
  }

  /** The recording of a run; if it has a problem with the faults, the run counts as failed. */
  public record Recorded(History history, Measured measured, List<NotRun> notRun, @Nullable String problem,
      @Nullable WarmUp warmUp) {}

  /** Nanoseconds since measuring began; before that, since the warm-up began. Thread-safe. */
  private static final class RunClock implements LongSupplier {
    private volatile long zero = System.nanoTime();
    private volatile boolean warmingUp = true;

    @Override
    public long getAsLong() {
      return System.nanoTime() - zero;
    }

    boolean isWarmingUp() {
      return warmingUp;
    }

    /** Begins measuring now, between two loads; returns how long the warm-up lasted. */
    long startMeasuring() {
      long now = System.nanoTime();
      long lasted = now - zero;
      zero = now;
      warmingUp = false;
      return lasted;
    }
  }
}
