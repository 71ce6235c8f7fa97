package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.InClusterLab;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.experiment.LocalServices;
import dev.statecraft.lab.experiment.strategies.StrategyRun.Recorded;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Cluster;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.history.Workload;
import dev.statecraft.lab.report.Bundle;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.ReportOutput;
import dev.statecraft.lab.report.ResultsFile;
import dev.statecraft.lab.report.Software;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Measures and checks each strategy of a plan, then writes and shows the results. For one thread. */
public final class StrategyComparison {
  private final CompareOptions options;
  private final EnvironmentOptions environment;
  private final boolean open;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Progress progress;
  private final Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  /** Creates a comparison that has not started; {@code open} shows the report in a browser. */
  public StrategyComparison(CompareOptions options, EnvironmentOptions environment, boolean open, PrintWriter out,
      PrintWriter err) {
    this.options = options;
    this.environment = environment;
    this.open = open;
    this.out = out;
    this.err = err;
    this.progress = environment.isInPod() ? Progress.forRemoteReader(err) : Progress.on(err);
  }

  /** Runs the comparison and returns the exit code; {@code given} are the names of the options on the command line. */
  public int run(Set<String> given) throws ClusterFailure, IOException, InterruptedException {
    if (!environment.isKubernetes(given)) {
      ComparePlan plan = options.local(startedAt);
      LocalServices services = LocalServices.trained(plan.strategies(), false, progress);
      return measure(plan, Environments.local(services), null, services.software(plan.strategies()));
    }
    options.check();
    if (StrategyNames.workload(options.workload()) == Workload.EXPIRY) {
      throw new InvalidInput("--workload expiry: with --on kubernetes, the release determines the session timeout");
    }
    try (Release release = environment.find()) {
      ComparePlan plan = options.onRelease(release, environment, startedAt);
      if (!environment.isInPod() && !environment.inside()) {
        PlanSummary.of(plan, release).forEach(progress::println);
      }
      return environment.inside()
          ? runInside(plan, release)
          : measure(plan, Environments.of(release), new StrategyResults.Cluster(release.location().version(),
              release.location().namespace(), release.shape().name(), release.gateway().toString()), null);
    }
  }

  private int runInside(ComparePlan plan, Release release) throws ClusterFailure, IOException, InterruptedException {
    InClusterLab lab = environment.lab(release, plan);
    PlanSummary.of(plan, release).forEach(progress::println);
    progress.println("Will create, and remove at the end: " + lab.description());
    int exitCode = new InClusterRun(lab, progress, plan.out(), Duration.ofSeconds(1)).follow();
    progress.clear();
    if (exitCode <= ExitCode.VIOLATION) {
      new ReportOutput(
          ResultsFile.read(plan.out().resolve(ResultsFile.NAME), Map.of(StrategyResults.SCHEMA, StrategyResults.class)),
          plan.out().resolve(HtmlReport.NAME)).show(out, open);
    }
    return exitCode;
  }

  private int measure(ComparePlan plan, Environments environments, StrategyResults.@Nullable Cluster cluster,
      @Nullable List<Software> software)
      throws ClusterFailure, IOException, InterruptedException {
    Optional<String> apart = plan.repeat() == 0 || plan.strategies().size() < 2
        ? Optional.empty()
        : environments.reasonNotTogether(plan);
    apart.ifPresent(reason -> progress.println("The rounds of one strategy follow each other: " + reason));
    List<Run> runs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    if (plan.repeat() == 0 || apart.isPresent()) {
      for (SessionStrategy strategy : plan.strategies()) {
        measure(plan, List.of(strategy), environments, apart.orElse(null), runs, problems);
      }
    } else {
      measure(plan, plan.strategies(), environments, null, runs, problems);
    }
    StrategyResults results = new StrategyResults(StrategyResults.SCHEMA, startedAt, plan.command(), plan.seed(),
        Machine.describe(), cluster, runs, software);
    ReportOutput output = ReportOutput.write(plan.out(), results);
    if (!environment.isInPod()) {
      output.show(out, open);
    }
    problems.forEach(problem -> err.println("statecraft: " + problem));
    if (environment.isInPod()) {
      serveResults(plan);
    }
    return problems.isEmpty() && runs.stream().allMatch(Run::guaranteeKept) ? ExitCode.SUCCESS : ExitCode.VIOLATION;
  }

  /** Measures the rounds of some strategies in turn, then each under faults, with all their environments at once. */
  private void measure(ComparePlan plan, List<SessionStrategy> together, Environments environments,
      @Nullable String apart, List<Run> runs, List<String> problems)
      throws ClusterFailure, IOException, InterruptedException {
    List<StartedRun> started = new ArrayList<>();
    try {
      for (SessionStrategy strategy : together) {
        started.add(new StrategyRun(plan, strategy, progress, title(plan, strategy)).start(environments));
      }
      for (int round = 1; round <= plan.repeat(); round++) {
        for (StartedRun run : started) {
          run.round(round);
        }
      }
      for (int i = 0; i < started.size(); i++) {
        Recorded recorded = started.get(i).finish();
        started.get(i).close();
        Run run = result(plan, together.get(i), recorded, apart);
        runs.add(run);
        if (recorded.problem() != null) {
          problems.add(together.get(i).id() + ": " + recorded.problem());
        }
      }
    } finally {
      for (StartedRun run : started) {
        run.close();
      }
    }
  }

  private Run result(ComparePlan plan, SessionStrategy strategy, Recorded recorded, @Nullable String apart) {
    String title = title(plan, strategy);
    progress.status(title + "checking " + recorded.history().operations().size() + " operations");
    Run run = RunResult.of(plan, strategy, recorded, apart);
    progress.println(title + run.requests() + " requests, " + run.errors() + " errors; "
        + (run.guaranteeKept() ? "kept its guarantee" : "BROKE its guarantee"));
    String failed = FailedCalls.describe(recorded.history().operations());
    if (!failed.isEmpty()) {
      progress.println(title + "calls without a good answer, including warm-up and final reads: " + failed);
    }
    return run;
  }

  private static String title(ComparePlan plan, SessionStrategy strategy) {
    return "[" + (plan.strategies().indexOf(strategy) + 1) + "/" + plan.strategies().size() + "] " + strategy.id()
        + ": ";
  }

  private void serveResults(ComparePlan plan) throws ClusterFailure, IOException, InterruptedException {
    Path bundle = Files.createTempFile("statecraft-", ".zip");
    Bundle.write(bundle, plan.out(),
        plan.strategies().stream().map(strategy -> plan.out().resolve(StrategyRun.historyOf(strategy))).toList());
    try (ResultServer server = new ResultServer(bundle, ResultServer.PORT)) {
      err.println(ResultServer.READY);
      if (!server.await(InClusterRun.FETCH_TIMEOUT)) {
        throw new ClusterFailure(
            "the results were not fetched within " + InClusterRun.FETCH_TIMEOUT.toMinutes() + " minutes");
      }
    }
  }
}
