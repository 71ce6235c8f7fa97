package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.reads.ReadCost;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft compare reads}: what a read costs the nodes of {@code replicated} among each other. */
@Command(name = "reads",
    description = "Shows what reading costs replicated: the traffic between its nodes, idle and under a load of reads.",
    mixinStandardHelpOptions = true)
final class ReadsCommand extends LabCommand {
  @Option(names = "--rate", paramLabel = "N", defaultValue = "300",
      description = "Reads offered in each second: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "10s",
      description = "How long to be idle, and then to read: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    new ReadCost(rate, OptionText.duration("--duration", duration)).compare(out(), Progress.on(err()));
    return ExitCode.SUCCESS;
  }
}
