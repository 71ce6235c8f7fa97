package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.DurationText;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.BalancedCluster;
import dev.statecraft.lab.environment.local.launch.Installation;
import dev.statecraft.lab.environment.local.launch.LaunchPreparation;
import dev.statecraft.lab.experiment.TrainingWorkload;
import dev.statecraft.lab.experiment.balancing.BalancingExperiment;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Run;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Setup;
import dev.statecraft.lab.experiment.balancing.BalancingResults;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.ReportOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code statecraft compare balancing}: the gateway's balancing rules, measured side by side. */
@Command(name = "balancing",
    description = "Runs each balancing rule of the gateway before four nodes, one of them slower; then kills one and adds another.",
    mixinStandardHelpOptions = true)
final class BalancingCommand implements Callable<Integer> {
  private static final List<String> RULES = List.of(
      "round-robin", "weighted", "least-connections", "fair", "power-of-two-choices", "ip-hash", "url-hash",
      "rendezvous");
  private static final int NODES = 4;
  private static final int WORK_MILLIS = 10;
  private static final double HIGHEST_RATE = 50_000;
  private static final int MOST_SLOWDOWN = 100;
  private static final Duration SHORTEST = Duration.ofSeconds(4);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  @Option(names = "--rules", split = ",", paramLabel = "NAME",
      description = "Which to compare: round-robin, weighted, least-connections, fair, power-of-two-choices, ip-hash,"
          + " url-hash, rendezvous. All of them.")
  private List<String> rules = List.of();

  @Option(names = "--rate", paramLabel = "N", defaultValue = "200",
      description = "Requests offered in each second: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "8s",
      description = "How long the nodes stay as they are, and then how long they change: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--slowdown", paramLabel = "N", defaultValue = "10",
      description = "How many times slower than the others one node is: ${DEFAULT-VALUE}.")
  private int slowdown;

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the random choices of an earlier run.")
  private @Nullable Long seed;

  @Option(names = "--out", paramLabel = "DIR",
      description = "Where the results go: results/TIME-balancing in the working directory by default.")
  private @Nullable Path out;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  BalancingCommand() {}

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<String> chosen = chosen();
    Duration each = checked();
    long drawn = seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000) : seed;
    Path directory = OutputDirectory.create(
        out == null ? Path.of("results", CompareCommand.directoryName(startedAt) + "-balancing") : out);
    Progress progress = Progress.on(spec.commandLine().getErr());
    Installation installation = Installation.ofThisProcess();
    LaunchPreparation preparation = new LaunchPreparation(installation);
    TrainingWorkload.prepare(preparation, installation, List.of(SessionStrategy.COOKIE), true, progress);

    progress.status("starting " + (NODES + 1) + " nodes");
    List<Run> runs = new ArrayList<>();
    String slowNode;
    try (BalancedCluster cluster = BalancedCluster.start(
        NODES, slowdown, directory.resolve("logs"), installation.java(), preparation)) {
      slowNode = cluster.members().getFirst().name();
      BalancingExperiment trial = new BalancingExperiment(cluster, rate, each, WORK_MILLIS, drawn);
      for (String rule : chosen) {
        String title = "[" + (runs.size() + 1) + "/" + chosen.size() + "] " + rule + ": ";
        progress.status(title + "measuring for " + 2 * each.toSeconds() + " s");
        Run run = trial.run(rule);
        runs.add(run);
        progress.say(
            title + String.format(
                Locale.ROOT, "slow node %.1f %% of requests, %d errors while nodes changed",
                run.steady().percent(slowNode), run.changing().errors()));
      }
    }
    Setup setup = new Setup(
        NODES, slowNode, slowdown, WORK_MILLIS, rate, each.toMillis() / 1e3, each.toMillis() / 1e3);
    BalancingResults results = new BalancingResults(
        BalancingResults.SCHEMA, startedAt, command(chosen, drawn), drawn, Machine.describe(), setup, runs);
    finish(directory, results);
    return 0;
  }

  private void finish(Path directory, BalancingResults results) throws IOException {
    ReportOutput.write(directory, results).show(spec.commandLine().getOut(), !noOpen);
  }

  private List<String> chosen() {
    for (String rule : rules) {
      if (!RULES.contains(rule)) {
        throw new InvalidInput("there is no balancing rule '" + rule + "'; there are " + String.join(", ", RULES));
      }
    }
    return rules.isEmpty() ? RULES : rules.stream().distinct().toList();
  }

  private Duration checked() {
    if (!(rate > 0) || rate > HIGHEST_RATE) {
      throw new InvalidInput("--rate " + rate + ": more than 0, and at most " + HIGHEST_RATE);
    }
    if (slowdown < 1 || slowdown > MOST_SLOWDOWN) {
      throw new InvalidInput("--slowdown " + slowdown + ": from 1 to " + MOST_SLOWDOWN);
    }
    Duration each = DurationText.parse("--duration", duration);
    if (each.compareTo(SHORTEST) < 0 || each.compareTo(LONGEST) > 0) {
      throw new InvalidInput("--duration " + duration + ": from 4s to 5m");
    }
    return each;
  }

  private String command(List<String> chosen, long drawn) {
    return "./statecraft compare balancing --rules " + String.join(",", chosen) + " --rate "
        + CompareCommand.plain(rate)
        + " --duration " + duration + " --slowdown " + slowdown + " --seed " + drawn;
  }
}
