package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.strategies.ChaosRun;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code statecraft chaos}: injects the faults of a file and leaves judging to the histories of the load. */
@Command(name = "chaos",
    description = "Injects the faults of a file into an environment, under the user's own load; judges nothing.")
final class ChaosCommand extends LabCommand {
  @Mixin
  private EnvironmentMixin environment = new EnvironmentMixin();

  @Option(names = "--schedule", paramLabel = "FILE", required = true,
      description = "YAML or JSON: the strategy whose nodes are hit, and a list of faults, each with at, fault, and if"
          + " wanted duration and target. Faults: ${bundle:faults}.")
  @SuppressWarnings("NullAway.Init")
  private Path schedule;

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Local: stateful nodes. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
      description = "Decides targets that a fault chooses at random. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--logs", paramLabel = "DIR",
      description = "Local: the directory for the output of each process. Default: a directory beside the build.")
  private @Nullable Path logs;

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    new ChaosRun(schedule, seed, out(), Progress.on(err())).run(environment.options(), givenOptions(), nodes, logs);
    return ExitCode.SUCCESS;
  }
}
