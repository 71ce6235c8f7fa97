package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.DurationText;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.TestEnvironment.Stages;
import dev.statecraft.lab.environment.kubernetes.InClusterLab;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.environment.kubernetes.ReleaseEnvironment;
import dev.statecraft.lab.environment.local.LocalEnvironment;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.experiment.TrainingWorkload;
import dev.statecraft.lab.experiment.strategies.ComparePlan;
import dev.statecraft.lab.experiment.strategies.FailedCalls;
import dev.statecraft.lab.experiment.strategies.InClusterRun;
import dev.statecraft.lab.experiment.strategies.PlanSummary;
import dev.statecraft.lab.experiment.strategies.ResultServer;
import dev.statecraft.lab.experiment.strategies.RunResult;
import dev.statecraft.lab.experiment.strategies.StrategyRun.Recorded;
import dev.statecraft.lab.experiment.strategies.StrategyRun;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults;
import dev.statecraft.lab.load.Workload;
import dev.statecraft.lab.report.Bundle;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.ReportOutput;
import dev.statecraft.lab.report.ResultsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code statecraft compare}: the strategies, measured side by side. */
@Command(name = "compare",
    description = "Runs each session strategy under the same load, kills a node in the middle, judges every answer.",
    subcommands = {
      BalancingCommand.class,
      ReadsCommand.class,
      ConcurrencyCommand.class},
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
  private static final Duration SHORTEST = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofMinutes(20);
  private static final double HIGHEST_RATE = 50_000;
  private static final int MOST_SESSIONS = 10_000;

  @Mixin
  private final PlaceOptions place = new PlaceOptions();

  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "Which to compare: affinity, redis, replicated, cookie. All of them.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "150",
      description = "Requests offered in each second, whatever the answers: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "20s",
      description = "How long each is measured, after a warm-up: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--sessions", paramLabel = "N", defaultValue = "120",
      description = "Simulated users, each with one session at a time: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(names = "--faults", paramLabel = "FAULT,...", defaultValue = "kill",
      description = "What is done to each: none, all, random (one drawn by the seed), or any of kill, term, pause, pause-short,"
          + " slow, rolling, kill-all, wipe, gateway-kill, redis-kill, redis-failover, partition, partition-majority, partition-one-way,"
          + " partition-deaf (these four on Linux, as root), scale-out, scale-in, clock (on Linux, with libfaketime); or, by"
          + " these names only, wipe-all, which loses all, and clock-far, which has sessions expire too early; several"
          + " strike in an order drawn by the seed. A node is"
          + " chosen so that it hurts most: the owner of most sessions, or the leader. ${DEFAULT-VALUE}.")
  private String faults = "";

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the random choices of an earlier run.")
  private @Nullable Long seed;

  @Option(names = "--reads", paramLabel = "GUARANTEE", defaultValue = "session",
      description = "What replicated promises of reads: linearizable (everyone sees every acknowledged write), session"
          + " (users see their own), local (reads may be old): ${DEFAULT-VALUE}.")
  private String reads = "";

  @Option(names = "--writes", paramLabel = "WAY", defaultValue = "last-write-wins",
      description = "How redis writes: last-write-wins (as Spring Session does), compare-and-set (the loser of two concurrent"
          + " writes is told), or confirmed (besides, a write waits until both replicas have it): ${DEFAULT-VALUE}.")
  private String writes = "";

  @Option(names = "--workload", paramLabel = "NAME", defaultValue = "shopping",
      description = "Who the users are: shopping (each alone with a session), tabs (three ask at once in one session), races (tabs"
          + " that also rotate the session's id and log out under each other's hands), checkout (tabs that all reserve, pay and ship one small cart), expiry (sessions that live about as"
          + " long as a user's pauses), large (carts that outgrow a cookie): ${DEFAULT-VALUE}.")
  private String workload = "";

  @Option(names = "--out", paramLabel = "DIR",
      description = "Where the results go: results/TIME in the working directory by default.")
  private @Nullable Path out;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  CompareCommand() {}

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = place.isHandedOver() ? Progress.sentBy(err) : Progress.on(err);
    if (place.isKubernetes(given())) {
      checkInput();
      if (StrategyNames.workload(workload) == Workload.EXPIRY) {
        throw new InvalidInput("--workload expiry: with --on kubernetes, the release says how long a session lives");
      }
      try (Release release = place.find()) {
        ComparePlan plan = plan(startedAt, release);
        if (place.isFromInside()) {
          return runInside(plan, release, progress);
        }
        if (!place.isHandedOver()) {
          PlanSummary.of(plan, release).forEach(progress::say);
        }
        StrategyResults.Cluster cluster = new StrategyResults.Cluster(
            release.place().version(), release.place().namespace(), release.shape().name(),
            release.gateway().toString());
        return measure(plan, startedAt, ReleaseEnvironment.of(release), cluster, progress);
      }
    }
    ComparePlan plan = plan(startedAt, null);
    Installation installation = Installation.ofThisProcess();
    LaunchPreparation preparation = new LaunchPreparation(installation);
    TrainingWorkload.prepare(preparation, installation, plan.strategies(), false, progress);
    return measure(plan, startedAt, LocalEnvironment.from(installation.java(), preparation), null, progress);
  }

  private int runInside(ComparePlan plan, Release release, Progress progress)
      throws ClusterFailure, IOException, InterruptedException {
    InClusterLab lab = place.lab(release, plan);
    PlanSummary.of(plan, release).forEach(progress::say);
    progress.say("Will make, and remove at the end: " + lab.description());
    int exitCode = new InClusterRun(lab, progress, plan.out(), Duration.ofSeconds(1)).follow();
    progress.clear();
    if (exitCode <= StatecraftCommand.BROKEN_GUARANTEE) {
      present(
          new ReportOutput(
              ResultsFile.read(plan.out().resolve(ResultsFile.NAME),
                  Map.of(StrategyResults.SCHEMA, StrategyResults.class)),
              plan.out().resolve(HtmlReport.NAME)));
    }
    return exitCode;
  }

  private int measure(
      ComparePlan plan, Instant startedAt, Stages stages, StrategyResults.@Nullable Cluster cluster, Progress progress)
      throws ClusterFailure, IOException, InterruptedException {
    List<StrategyResults.Run> runs = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (SessionStrategy strategy : plan.strategies()) {
      String title = "[" + (runs.size() + 1) + "/" + plan.strategies().size() + "] " + strategy.id() + ": ";
      Recorded recorded = new StrategyRun(plan, strategy, progress, title).run(stages);
      progress.status(title + "judging " + recorded.history().operations().size() + " operations");
      StrategyResults.Run run = RunResult.of(plan, strategy, recorded);
      runs.add(run);
      if (recorded.problem() != null) {
        problems.add(strategy.id() + ": " + recorded.problem());
      }
      progress.say(title + summary(run));
      String failed = FailedCalls.describe(recorded.history().operations());
      if (!failed.isEmpty()) {
        progress.say(title + "without a good answer, warm-up and last looks included: " + failed);
      }
    }
    StrategyResults results = new StrategyResults(
        StrategyResults.SCHEMA, startedAt, plan.command(), plan.seed(), Machine.describe(), cluster, runs);
    return finish(plan, results, problems);
  }

  private int finish(ComparePlan plan, StrategyResults results, List<String> problems)
      throws ClusterFailure, IOException, InterruptedException {
    ReportOutput presentation = ReportOutput.write(plan.out(), results);
    if (!place.isHandedOver()) {
      present(presentation);
    }
    problems.forEach(problem -> spec.commandLine().getErr().println("statecraft: " + problem));
    if (place.isHandedOver()) {
      handOver(plan);
    }
    boolean kept = problems.isEmpty() && results.runs().stream().allMatch(StrategyResults.Run::guaranteeKept);
    return kept ? 0 : StatecraftCommand.BROKEN_GUARANTEE;
  }

  private void present(ReportOutput presentation) {
    presentation.show(spec.commandLine().getOut(), !noOpen);
  }

  private void handOver(ComparePlan plan) throws ClusterFailure, IOException, InterruptedException {
    Path bundle = Files.createTempFile("statecraft-", ".zip");
    Bundle.write(
        bundle, plan.out(),
        plan.strategies().stream().map(strategy -> plan.out().resolve(StrategyRun.historyOf(strategy))).toList());
    try (ResultServer waiting = new ResultServer(bundle, ResultServer.PORT)) {
      spec.commandLine().getErr().println(ResultServer.READY);
      if (!waiting.await(InClusterRun.HANDED_OVER_WITHIN)) {
        throw new ClusterFailure(
            "nobody fetched the results within " + InClusterRun.HANDED_OVER_WITHIN.toMinutes() + " minutes");
      }
    }
  }

  private static String summary(StrategyResults.Run run) {
    return run.requests() + " requests, " + run.errors() + " errors; " + (run.guaranteeKept()
        ? "kept its guarantee"
        : "BROKE its guarantee");
  }

  private Set<String> given() {
    return spec.commandLine().getParseResult().matchedOptions().stream().map(OptionSpec::longestName)
        .collect(Collectors.toSet());
  }

  /** Refuses what is wrong wherever it takes place. */
  private void checkInput() {
    StrategyNames.parse(strategies);
    if (!(rate > 0) || rate > HIGHEST_RATE) {
      throw new InvalidInput("--rate " + plain(rate) + ": more than 0, and at most " + plain(HIGHEST_RATE));
    }
    Duration measured = DurationText.parse("--duration", duration);
    if (measured.compareTo(SHORTEST) < 0 || measured.compareTo(LONGEST) > 0) {
      throw new InvalidInput("--duration " + duration + ": from 2s to 20m");
    }
    if (sessions < 1 || sessions > MOST_SESSIONS) {
      throw new InvalidInput("--sessions " + sessions + ": from 1 to " + MOST_SESSIONS);
    }
    StrategyNames.workload(workload);
    FaultNames.parse(faults);
  }

  /**
   * The plan that the options make.
   *
   * @param release what is measured, or null for a cluster of this machine
   */
  private ComparePlan plan(Instant startedAt, @Nullable Release release) {
    List<SessionStrategy> chosen = release == null
        ? StrategyNames.parse(strategies)
        : StrategyNames.among(strategies, release.shape());
    if (release == null) {
      StrategyNames.checkNodes(nodes, chosen);
      StrategyNames.checkReads(reads);
      StrategyNames.checkWrites(writes);
    }
    checkInput();
    List<String> asked = FaultNames.parse(faults);
    if (release == null && !asked.isEmpty() && nodes < 2) {
      throw new InvalidInput("--nodes " + nodes + ": with a node killed, it takes 2 or more to go on");
    }
    long drawn = seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000) : seed;
    Path directory = out == null ? Path.of("results", directoryName(startedAt)) : out;
    return new ComparePlan(
        chosen, nodes, rate, DurationText.parse("--duration", duration), sessions, asked, drawn,
        release == null ? reads : release.reads().orElse("session"),
        release == null ? writes : release.writes().orElse("last-write-wins"), StrategyNames.workload(workload),
        release == null ? null : place.words(release.place(), release.shape().name()), ComparePlan.WARM_UP,
        OutputDirectory.create(directory));
  }

  static String directoryName(Instant time) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss").withZone(ZoneId.systemDefault()).format(time);
  }

  public static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
