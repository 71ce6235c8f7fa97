package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.reads.ReadCost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft compare reads}: measures the traffic that reads cause between the nodes of {@code replicated}. */
@Command(name = "reads",
    description = "Measures the traffic between the nodes of replicated, idle and under a load of reads.")
final class ReadsCommand extends LabCommand {
  @Option(names = "--rate", paramLabel = "N", defaultValue = "300",
      description = "Reads per second. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "10s",
      description = "Length of each phase, idle and reading. Default: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    new ReadCost(rate, OptionText.duration("--duration", duration)).compare(out(), Progress.on(err()));
    return ExitCode.SUCCESS;
  }
}
