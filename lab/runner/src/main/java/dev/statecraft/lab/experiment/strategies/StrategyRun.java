package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterCpu;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import dev.statecraft.lab.fault.Schedule.NotRun;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.load.OpenLoop.Measured;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
    try (StartedRun run = start(environments)) {
      for (int round = 1; round <= plan.repeat(); round++) {
        run.round(round);
      }
      return run.finish();
    }
  }

  /** Starts the environment and warms it up. */
  StartedRun start(Environments environments) throws ClusterFailure, IOException, InterruptedException {
    progress.status(title + "starting");
    TestEnvironment environment = environments.start(plan, strategy);
    StartedRun run;
    try {
      run = new StartedRun(plan, strategy, progress, title, environments, environment);
    } catch (IOException | RuntimeException e) {
      environment.close();
      throw e;
    }
    try {
      run.warmUp();
      return run;
    } catch (InterruptedException | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  /** The path of a strategy's history in the results directory. */
  public static String historyOf(SessionStrategy strategy) {
    return "histories/" + strategy.id() + ".jsonl";
  }

  /** The recording of a run; if it has a problem with the faults, the run counts as failed. */
  public record Recorded(History history, Measured measured, List<NotRun> notRun, @Nullable String problem,
      @Nullable WarmUp warmUp, List<RecordedRound> rounds) {}

  /**
   * A round without faults, before measuring began.
   *
   * @param cpu the CPU time of the cluster in the round; null if unknown
   * @param client the CPU time of this process in the round
   */
  public record RecordedRound(Measured measured, @Nullable ClusterCpu cpu, Duration client) {}
}
