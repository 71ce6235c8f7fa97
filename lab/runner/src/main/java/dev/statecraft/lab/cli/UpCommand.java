package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.console.Progress;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.strategies.DemoCluster;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft up}: starts a local cluster for manual use. */
@Command(name = "up", description = "Starts a local cluster in the foreground and prints its URLs; Ctrl-C stops it.")
final class UpCommand extends LabCommand {
  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "Session strategies, each with its own nodes: ${bundle:strategies}. Default: all.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each strategy. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--reads", paramLabel = "GUARANTEE",
      description = "The read guarantee of replicated: linearizable, session or local. Default: session.")
  private String reads = Reads.SESSION;

  @Option(names = "--logs", paramLabel = "DIR",
      description = "The directory for the output of each process. Default: a directory beside the build.")
  private @Nullable Path logs;

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    DemoCluster.run(strategies, nodes, reads, logs, out(), Progress.on(err()));
    return ExitCode.SUCCESS;
  }
}
