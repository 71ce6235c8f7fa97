package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.CheckResult;
import dev.statecraft.lab.checker.Checker;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.strategies.StrategyRun.Recorded;
import dev.statecraft.lab.fault.Faults;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Repeats runs with new seeds until the time is up or a guarantee is broken. For one thread. */
public final class Soak {
  /** Short, because a soak looks for anomalies and times nothing. */
  public static final String WARM_UP = "2s";
  private static final int MAX_RUNS = 100_000;

  private final CompareOptions options;
  private final PrintWriter out;
  private final Progress progress;
  private final Map<AnomalyKind, Long> documented = new EnumMap<>(AnomalyKind.class);
  private int done;
  private long operations;
  private long faults;
  private long undecided;

  public Soak(CompareOptions options, PrintWriter out, PrintWriter err) {
    this.options = options;
    this.out = out;
    this.progress = Progress.on(err);
  }

  /** Starts runs until the time is up, at most {@code runs}, and returns the exit code. */
  public int run(String time, int runs) throws ClusterFailure, IOException, InterruptedException {
    if (!(options.rate() > 0) || options.sessions() < 1 || runs < 1 || runs > MAX_RUNS) {
      throw new InvalidInput("--rate, --sessions and --runs must be positive, and --runs at most " + MAX_RUNS);
    }
    Duration until = OptionText.duration("--for", time);
    ComparePlan first = options.soak(Instant.now());
    List<SessionStrategy> chosen = first.strategies();
    Environments environments = Environments.local(LocalServices.trained(chosen, false, progress));
    SplittableRandom seeds = new SplittableRandom(first.seed());
    out.println("Soak test with seed " + first.seed());
    long end = System.nanoTime() + until.toNanos();
    boolean kept = true;
    while (kept && done < runs && System.nanoTime() < end) {
      SessionStrategy strategy = chosen.get(done % chosen.size());
      kept = keepsGuarantee(
          first.with(List.of(strategy), seeds.nextLong(1, 1_000_000), first.out().resolve("run-" + (done + 1))),
          strategy, environments);
    }
    progress.clear();
    out.println(done + " schedules, " + operations + " operations, " + faults + " faults; undecided sessions: "
        + undecided + "; documented anomalies: " + (documented.isEmpty() ? "none" : documented));
    out.flush();
    return kept ? ExitCode.SUCCESS : ExitCode.VIOLATION;
  }

  private boolean keepsGuarantee(ComparePlan plan, SessionStrategy strategy, Environments environments)
      throws ClusterFailure, IOException, InterruptedException {
    String title = "run " + (done + 1) + ", " + strategy.id() + ", seed " + plan.seed() + ": ";
    Recorded recorded = new StrategyRun(plan, strategy, progress, title).run(environments);
    History history = recorded.history();
    CheckResult result = new Checker(Faults::effects).check(history);
    done++;
    operations += history.operations().size();
    faults += history.faults().size();
    undecided += result.undecided().size();
    result.documented().forEach(anomaly -> documented.merge(anomaly.kind(), 1L, Long::sum));
    boolean kept = result.kept() && recorded.problem() == null;
    progress.println(title + history.operations().size() + " operations, faults "
        + history.faults().stream().map(fault -> fault.kind() + " " + fault.target()).toList() + "; "
        + (kept ? "kept its guarantee" : "FAILED"));
    if (kept) {
      WorkDirectory.delete(plan.out());
      return true;
    }
    result.broken().forEach(anomaly -> out.println("broken: " + anomaly.explanation()));
    if (recorded.problem() != null) {
      out.println("problem: " + recorded.problem());
    }
    out.println("Kept    " + plan.out() + " (./statecraft check " + plan.out() + ")");
    out.println("Rerun   " + plan.command());
    return false;
  }
}
