package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.ClusterFailure;
import dev.statecraft.lab.cluster.ClusterPlan;
import dev.statecraft.lab.cluster.Launches;
import dev.statecraft.lab.cluster.LocalCluster;
import dev.statecraft.lab.cluster.Node;
import dev.statecraft.lab.cluster.SessionStrategy;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.FaultInjector;
import dev.statecraft.lab.history.FaultEvent;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.HistoryReader;
import dev.statecraft.lab.history.HistoryWriter;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One strategy from start to end: its cluster, the load, the fault, the last look at every cart, the history on disk.
 */
final class StrategyRun {
  /** How much longer than planned the load goes on for a restarted node to serve again. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FAULT_DEADLINE = Duration.ofMinutes(2);

  private final ComparePlan plan;
  private final SessionStrategy strategy;
  private final Progress progress;
  private final String title;
  private final AtomicBoolean servedAgain = new AtomicBoolean();

  StrategyRun(ComparePlan plan, SessionStrategy strategy, Progress progress, String title) {
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
  Recorded run(Path java, Launches launches) throws ClusterFailure, IOException, InterruptedException {
    progress.status(title + "starting");
    Path file = plan.out().resolve(historyOf(strategy));
    ClusterPlan shape = new ClusterPlan(
        List.of(strategy), plan.nodes(), plan.reads(strategy), false,
        plan.out().resolve("logs").resolve(strategy.id()));
    try (LocalCluster cluster = LocalCluster.start(shape, java, launches)) {
      List<String> nodes = cluster.nodes(strategy).stream().map(Node::name).toList();
      History begun = new History(strategy.id(), plan.reads(strategy), plan.seed(), nodes, List.of(), List.of());
      Measured measured;
      String problem;
      try (HistoryWriter writer = HistoryWriter.create(file, begun);
          ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
        LoadPlan load = plan.load(strategy);
        // Zero is where measuring begins, so that every time that a reader meets counts from there.
        long zero = System.nanoTime() + load.warmUp().toNanos();
        FaultInjector injector = new FaultInjector(cluster, strategy, () -> System.nanoTime() - zero,
            plan.random(strategy));
        try (SessionClient client = new SessionClient(cluster.prefix(strategy), load.sessions(), load.deadline());
            OpenLoop loop = new OpenLoop(load, client, () -> System.nanoTime() - zero, Clock.systemUTC(), operation -> {
              notice(operation, injector.struck());
              writer.record(operation);
            })) {
          Future<FaultEvent> fault = plan.optionalFault().map(kind -> faults.submit(() -> inject(injector, kind)))
              .orElse(null);
          try (ProgressLoop _ = new ProgressLoop(progress, () -> status(loop, zero, load, injector.struck()))) {
            measured = loop.run(() -> fault == null || servedAgain.get() || fault.state() == Future.State.FAILED,
                PATIENCE);
            problem = fault == null ? null : end(fault, writer, injector);
            loop.readBack(plan.nodes());
          }
        } finally {
          faults.shutdownNow();
        }
      }
      return new Recorded(HistoryReader.read(file), measured, problem);
    }
  }

  /** Where a strategy's history lies within the directory of the results. */
  static String historyOf(SessionStrategy strategy) {
    return "histories/" + strategy.id() + ".jsonl";
  }

  private FaultEvent inject(FaultInjector injector, Fault kind) throws ClusterFailure, InterruptedException {
    return injector.inject(kind, plan.faultAt(strategy).toNanos(), plan.faultLasts());
  }

  private void notice(Operation operation, @Nullable FaultEvent fault) {
    if (fault != null && fault.ended() >= 0 && operation.invoked() >= fault.ended()
        && operation.outcome() instanceof Outcome.Ok && fault.target().equals(operation.servedBy())) {
      servedAgain.set(true);
    }
  }

  /** Records the fault, and says what went wrong with it, if anything did. */
  private @Nullable String end(Future<FaultEvent> fault, HistoryWriter writer, FaultInjector injector)
      throws InterruptedException {
    String problem = null;
    try {
      FaultEvent event = fault.get(FAULT_DEADLINE.toSeconds(), TimeUnit.SECONDS);
      if (!servedAgain.get()) {
        problem = event.target() + " was started again but served no request within " + PATIENCE.toSeconds()
            + " s after the load's planned end";
      }
    } catch (ExecutionException e) {
      problem = String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
    } catch (TimeoutException e) {
      problem = "the fault did not come to its end within " + FAULT_DEADLINE.toSeconds() + " s";
    }
    FaultEvent struck = injector.struck();
    if (struck != null) {
      writer.record(struck);
    }
    return problem;
  }

  private String status(OpenLoop loop, long zero, LoadPlan load, @Nullable FaultEvent fault) {
    long seconds = Math.floorDiv(System.nanoTime() - zero, 1_000_000_000L);
    String phase = seconds < 0
        ? "warming up"
        : seconds <= load.measured().toSeconds()
            ? "measuring " + seconds + "/" + load.measured().toSeconds() + " s"
            : "looking at every cart once more";
    String struck = fault == null
        ? ""
        : ", " + fault.kind() + " of " + fault.target() + (servedAgain.get() ? " (serves again)" : "");
    return title + phase + ", " + loop.counters().good() + " good answers, " + loop.counters().errors() + " errors"
        + struck;
  }

  /**
   * What a run left.
   *
   * @param problem what went wrong with the fault, or null: the run then counts as failed, whatever the verdict
   */
  record Recorded(History history, Measured measured, @Nullable String problem) {}
}
