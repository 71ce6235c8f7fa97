package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.console.ProgressLoop;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.fault.FaultInjector;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.fault.Schedule.NotRun;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.history.HistoryWriter;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A run of one strategy: offers load, injects faults, reads every cart back, and writes the history. */
public final class StrategyRun {
  static final Duration FAULT_TIMEOUT = Duration.ofMinutes(2);

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
      try (HistoryWriter writer = HistoryWriter.create(file, begun);
          ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
        LoadPlan load = plan.load(strategy);
        // All times count from the start of measuring.
        long zero = System.nanoTime() + load.warmUp().toNanos();
        FaultInjector injector = new FaultInjector(environment.faultTarget(), strategy, () -> System.nanoTime() - zero,
            plan.random(strategy));
        try (SessionClient client = new SessionClient(environment.prefix(), load.sessions(), load.deadline());
            OpenLoop loop = new OpenLoop(load, client, () -> System.nanoTime() - zero, Clock.systemUTC(), operation -> {
              recovery.observe(operation, injector.injected());
              writer.record(operation);
            })) {
          Future<Void> fault = faults.submit(() -> {
            injector.run(schedule);
            return null;
          });
          try (ProgressLoop _ = new ProgressLoop(progress,
              () -> status(loop, zero, load, injector.injected(), recovery))) {
            measured = loop.run(() -> hasEnded(fault, injector.injected(), recovery),
                recoveryTimeout(environment, schedule));
            problem = end(fault, writer, injector, recovery);
            loop.readBack(nodes.size());
          }
        } finally {
          faults.shutdownNow();
        }
      }
      return new Recorded(HistoryReader.read(file), measured, schedule.notRun(), problem);
    }
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

  private String status(OpenLoop loop, long zero, LoadPlan load, List<FaultEvent> faults, RecoveryProbe recovery) {
    long seconds = Math.floorDiv(System.nanoTime() - zero, 1_000_000_000L);
    String phase = seconds < 0
        ? "warming up"
        : seconds <= load.measured().toSeconds()
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
  public record Recorded(History history, Measured measured, List<NotRun> notRun, @Nullable String problem) {}
}
