package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
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

/**
 * One strategy from start to end: its environment, the load, the faults, the last look at every cart, the history on
 * disk.
 */
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

  /**
   * Runs it.
   *
   * @return what was recorded
   * @throws ClusterFailure where the cluster does not start, or the killed node not again
   */
  public Recorded run(Environments environments) throws ClusterFailure, IOException, InterruptedException {
    progress.status(title + "starting");
    Path file = plan.out().resolve(historyOf(strategy));
    try (TestEnvironment environment = environments.start(plan, strategy)) {
      List<String> nodes = environment.nodes();
      Duration timeout = plan.sessionTimeout();
      History begun = new History(strategy.id(), plan.reads(strategy), plan.writes(strategy), plan.workloadOfHistory(),
          plan.seed(), nodes, timeout == null ? null : timeout.toMillis(), List.of(), List.of());
      Schedule schedule = plan.schedule(strategy, fault -> environments.unsupportedReason(fault, strategy));
      RecoveryProbe recovery = new RecoveryProbe(nodes);
      Measured measured;
      String problem;
      try (HistoryWriter writer = HistoryWriter.create(file, begun);
          ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
        LoadPlan load = plan.load(strategy);
        // Zero is where measuring begins, so that every time that a reader meets counts from there.
        long zero = System.nanoTime() + load.warmUp().toNanos();
        FaultInjector injector = new FaultInjector(
            environment.faultTarget(), strategy, () -> System.nanoTime() - zero, plan.random(strategy));
        try (SessionClient client = new SessionClient(environment.prefix(), load.sessions(), load.deadline());
            OpenLoop loop = new OpenLoop(load, client, () -> System.nanoTime() - zero, Clock.systemUTC(), operation -> {
              recovery.notice(operation, injector.injected());
              writer.record(operation);
            })) {
          Future<Void> fault = faults.submit(() -> {
            injector.run(schedule);
            return null;
          });
          try (ProgressLoop _ = new ProgressLoop(
              progress, () -> status(loop, zero, load, injector.injected(), recovery))) {
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

  /** Where a strategy's history lies within the directory of the results. */
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

  /** Records the faults when the load has ended, and says what went wrong with them, if anything did. */
  private static @Nullable String end(Future<Void> fault, HistoryWriter writer, FaultInjector injector,
      RecoveryProbe recovery) throws InterruptedException {
    boolean inTime = fault.isDone();
    String problem = null;
    try {
      fault.get(FAULT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      List<String> missing = recovery.missing(injector.injected());
      if (!missing.isEmpty()) {
        problem = String.join(", ", missing) + (inTime
            ? " could serve again but served no request before the load ended"
            : " could not serve again before the load ended");
      }
    } catch (ExecutionException e) {
      problem = String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    } catch (TimeoutException e) {
      problem = "the faults did not come to their end within " + FAULT_TIMEOUT.toSeconds() + " s after the load";
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
            : "looking at every cart once more";
    int last = faults.size() - 1;
    String injected = last < 0
        ? ""
        : ", " + faults.get(last).kind() + " of " + faults.get(last).target()
            + (recovery.servesAgain(last) ? " (serves again)" : "");
    return title + phase + ", " + loop.counters().good() + " good answers, " + loop.counters().errors() + " errors"
        + injected;
  }

  /**
   * What a run left.
   *
   * @param notRun the faults that were asked for and cannot be done
   * @param problem what went wrong with the fault, or null: the run then counts as failed, whatever the verdict
   */
  public record Recorded(History history, Measured measured, List<NotRun> notRun, @Nullable String problem) {}
}
