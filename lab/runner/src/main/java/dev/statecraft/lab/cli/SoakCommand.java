package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.CheckResult;
import dev.statecraft.lab.checker.Guarantees;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.console.DurationText;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.LocalEnvironment;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.environment.local.process.WorkDirectory;
import dev.statecraft.lab.experiment.TrainingWorkload;
import dev.statecraft.lab.experiment.strategies.ComparePlan;
import dev.statecraft.lab.experiment.strategies.StrategyRun.Recorded;
import dev.statecraft.lab.experiment.strategies.StrategyRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code statecraft soak}: run after run with fresh seeds, until time is up or a guarantee breaks. */
@Command(name = "soak",
    description = "Runs random schedules of faults with fresh seeds until the time is up or a guarantee breaks.",
    mixinStandardHelpOptions = true)
final class SoakCommand implements Callable<Integer> {
  private static final Duration WARM_UP = Duration.ofSeconds(2);
  private static final int MOST_RUNS = 100_000;

  @Option(names = "--for", paramLabel = "TIME", defaultValue = "10m",
      description = "No run begins later than this: ${DEFAULT-VALUE}.")
  private String time = "";

  @Option(names = "--runs", paramLabel = "N", defaultValue = "100000",
      description = "How many runs at most: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "Which: affinity, redis, replicated, cookie, by turns. All of them.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "60",
      description = "Requests offered in each second: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "12s",
      description = "How long each run offers load; it goes on until all nodes that were hit serve again: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--sessions", paramLabel = "N", defaultValue = "30",
      description = "Simulated users: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(names = "--faults", paramLabel = "FAULT,...", defaultValue = "random,random",
      description = "As of compare: ${DEFAULT-VALUE}.")
  private String faults = "";

  @Option(names = "--reads", paramLabel = "GUARANTEE", defaultValue = "linearizable",
      description = "What replicated promises of reads: ${DEFAULT-VALUE}.")
  private String reads = "";

  @Option(names = "--writes", paramLabel = "WAY", defaultValue = "last-write-wins",
      description = "How redis writes: ${DEFAULT-VALUE}.")
  private String writes = "";

  @Option(names = "--workload", paramLabel = "NAME", defaultValue = "shopping",
      description = "As of compare: ${DEFAULT-VALUE}.")
  private String workload = "";

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the seeds of an earlier soak.")
  private @Nullable Long seed;

  @Option(names = "--out", paramLabel = "DIR",
      description = "Where a run that fails is kept whole: results/soak-TIME in the working directory by default.")
  private @Nullable Path out;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  private final Map<AnomalyKind, Long> documented = new EnumMap<>(AnomalyKind.class);
  private int done;
  private long operations;
  private long struck;
  private long undecided;

  SoakCommand() {}

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    List<SessionStrategy> chosen = StrategyNames.parse(strategies);
    StrategyNames.checkNodes(nodes, chosen);
    StrategyNames.checkReads(reads);
    if (!(rate > 0) || sessions < 1 || runs < 1 || runs > MOST_RUNS) {
      throw new InvalidInput("--rate, --sessions and --runs: more than 0, and at most " + MOST_RUNS + " runs");
    }
    Path directory = out == null ? Path.of("results", "soak-" + CompareCommand.directoryName(Instant.now())) : out;
    Duration until = DurationText.parse("--for", time);
    ComparePlan first = new ComparePlan(
        chosen, nodes, rate, DurationText.parse("--duration", duration), sessions, FaultNames.parse(faults), 0, reads,
        StrategyNames.checkWrites(writes), StrategyNames.workload(workload), null, WARM_UP,
        OutputDirectory.create(directory));
    Progress progress = Progress.on(spec.commandLine().getErr());
    Installation installation = Installation.ofThisProcess();
    LaunchPreparation preparation = new LaunchPreparation(installation);
    TrainingWorkload.prepare(preparation, installation, chosen, false, progress);

    long drawn = seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000) : seed;
    SplittableRandom seeds = new SplittableRandom(drawn);
    PrintWriter output = spec.commandLine().getOut();
    output.println("Soak with seed " + drawn);
    long end = System.nanoTime() + until.toNanos();
    while (done < runs && System.nanoTime() < end) {
      SessionStrategy strategy = chosen.get(done % chosen.size());
      ComparePlan plan = first.with(
          List.of(strategy), seeds.nextLong(1, 1_000_000), first.out().resolve("run-" + (done + 1)));
      if (!survives(plan, strategy, installation, preparation, progress)) {
        print(output);
        return StatecraftCommand.BROKEN_GUARANTEE;
      }
    }
    progress.clear();
    print(output);
    return 0;
  }

  private boolean survives(
      ComparePlan plan, SessionStrategy strategy, Installation installation, LaunchPreparation preparation,
      Progress progress) throws ClusterFailure, IOException, InterruptedException {
    String title = "run " + (done + 1) + ", " + strategy.id() + ", seed " + plan.seed() + ": ";
    Recorded recorded = new StrategyRun(plan, strategy, progress, title)
        .run(LocalEnvironment.from(installation.java(), preparation));
    CheckResult judgement = Guarantees.judgeFully(recorded.history(), Bound.USUAL);
    done++;
    operations += recorded.history().operations().size();
    struck += recorded.history().faults().size();
    undecided += judgement.undecided().size();
    judgement.judgement().documented().forEach(anomaly -> documented.merge(anomaly.kind(), 1L, Long::sum));
    boolean kept = judgement.judgement().kept() && recorded.problem() == null;
    progress.say(
        title + recorded.history().operations().size() + " operations, faults "
            + recorded.history().faults().stream().map(fault -> fault.kind() + " " + fault.target()).toList() + "; "
            + (kept ? "kept its guarantee" : "FAILED"));
    if (kept) {
      WorkDirectory.delete(plan.out());
      return true;
    }
    PrintWriter output = spec.commandLine().getOut();
    judgement.judgement().broken().forEach(anomaly -> output.println("broken: " + anomaly.explanation()));
    if (recorded.problem() != null) {
      output.println("the lab: " + recorded.problem());
    }
    output.println("Kept    " + plan.out() + " (./statecraft check " + plan.out() + ")");
    output.println("Again   " + plan.command());
    return false;
  }

  private void print(PrintWriter output) {
    output.println(
        done + " schedules, " + operations + " operations, " + struck + " faults; undecided sessions: " + undecided
            + "; documented anomalies: " + (documented.isEmpty() ? "none" : documented));
    output.flush();
  }
}
