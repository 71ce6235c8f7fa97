package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.balancing.BalancingExperiment;
import dev.statecraft.lab.experiment.balancing.BalancingPlan;
import dev.statecraft.lab.experiment.balancing.BalancingResults;
import dev.statecraft.lab.report.ReportOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft compare balancing}: the gateway's balancing rules, measured side by side. */
@Command(name = "balancing",
    description = "Runs each balancing rule of the gateway before four nodes, one of them slower; then kills one and adds"
        + " another.",
    mixinStandardHelpOptions = true)
final class BalancingCommand extends LabCommand {
  @Option(names = "--rules", split = ",", paramLabel = "NAME",
      description = "Which to compare: ${bundle:rules}. All of them.")
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

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    BalancingPlan plan = BalancingPlan.of(rules, rate, duration, slowdown, seed);
    Path directory = OutputDirectory.create(out, "%s-balancing", startedAt);
    BalancingResults results = BalancingExperiment.run(plan, directory, startedAt, Progress.on(err()));
    ReportOutput.write(directory, results).show(out(), !noOpen);
    return ExitCode.SUCCESS;
  }
}
