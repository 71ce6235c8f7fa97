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

/** {@code statecraft compare balancing}: compares the gateway's balancing rules. */
@Command(name = "balancing",
    description = "Measures each balancing rule of the gateway with four nodes, one of them slower; then kills a node"
        + " and adds another; then lets one node fail while its readiness probe succeeds.")
final class BalancingCommand extends LabCommand {
  @Option(names = "--rules", split = ",", paramLabel = "NAME",
      description = "The rules to compare: ${bundle:rules}. Default: all.")
  private List<String> rules = List.of();

  @Option(names = "--rate", paramLabel = "N", defaultValue = "200",
      description = "Requests per second. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "8s",
      description = "Length of each phase, with constant and then with changing nodes. Default: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--slowdown", paramLabel = "N", defaultValue = "10",
      description = "The factor by which one node is slower than the others. Default: ${DEFAULT-VALUE}.")
  private int slowdown;

  @Option(names = "--faults", split = ",", paramLabel = "NAME",
      description = "Failures that readiness probes do not show: ${bundle:grey-faults}. Default: all.")
  private List<String> faults = List.of();

  @Option(names = "--no-outlier-ejection",
      description = "Switches off the gateway's ejection by share of failures, to compare.")
  private boolean noOutlierEjection;

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the random choices of an earlier run.")
  private @Nullable Long seed;

  @Option(names = "--out", paramLabel = "DIR",
      description = "The directory for the results. Default: results/TIME-balancing in the working directory.")
  private @Nullable Path out;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Instant startedAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    BalancingPlan plan = BalancingPlan.of(rules, rate, duration, slowdown, faults, !noOutlierEjection, seed);
    Path directory = OutputDirectory.create(out, "%s-balancing", startedAt);
    BalancingResults results = BalancingExperiment.run(plan, directory, startedAt, Progress.on(err()));
    ReportOutput.write(directory, results).show(out(), !noOpen);
    return ExitCode.SUCCESS;
  }
}
