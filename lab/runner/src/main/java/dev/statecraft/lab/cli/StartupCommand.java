package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.startup.StartupExperiment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft startup}: measures the effect of the AOT cache on start-up time. */
@Command(name = "startup",
    description = "Measures the start-up time of the stateful service as a fat jar, extracted, and with the AOT cache.")
final class StartupCommand extends LabCommand {
  @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
      description = "Starts of each variant. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    StartupExperiment.run(rounds, out(), Progress.on(err()));
    return ExitCode.SUCCESS;
  }
}
