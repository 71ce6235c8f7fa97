package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.strategies.CompareOptions;
import dev.statecraft.lab.experiment.strategies.Soak;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft soak}: repeats runs with new seeds until the time is up or a guarantee is violated. */
@Command(name = "soak",
    description = "Repeats runs with new seeds and random faults until the time is up or a guarantee is violated.")
final class SoakCommand extends LabCommand {
  @Option(names = "--for", paramLabel = "TIME", defaultValue = "10m",
      description = "No run starts after this time. Default: ${DEFAULT-VALUE}.")
  private String time = "";

  @Option(names = "--runs", paramLabel = "N", defaultValue = "100000",
      description = "Maximum number of runs. Default: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "The strategies to run in turn: ${bundle:strategies}. Default: all.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each strategy. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "60",
      description = "Requests per second. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "12s",
      description = "Length of the load of each run, which is extended until all targets serve again. Default:"
          + " ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--sessions", paramLabel = "N", defaultValue = "30",
      description = "Simulated users. Default: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(names = "--faults", paramLabel = "FAULT,...", defaultValue = "random,random",
      description = "The same as for compare. Default: ${DEFAULT-VALUE}.")
  private String faults = "";

  @Option(names = "--reads", paramLabel = "GUARANTEE", defaultValue = Reads.LINEARIZABLE,
      description = "The read guarantee of replicated. Default: ${DEFAULT-VALUE}.")
  private String reads = "";

  @Option(names = "--writes", paramLabel = "MODE", defaultValue = Writes.LAST_WRITE_WINS,
      description = "The write mode of redis. Default: ${DEFAULT-VALUE}.")
  private String writes = "";

  @Option(names = "--workload", paramLabel = "NAME", defaultValue = "shopping",
      description = "The same as for compare. Default: ${DEFAULT-VALUE}.")
  private String workload = "";

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the seeds of an earlier soak.")
  private @Nullable Long seed;

  @Option(names = "--out", paramLabel = "DIR",
      description = "The directory for the files of a failed run. Default: results/soak-TIME in the working directory.")
  private @Nullable Path out;

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    CompareOptions options = new CompareOptions(strategies, nodes, rate, duration, sessions, faults, seed, reads,
        writes, workload, Soak.WARM_UP, 0, out);
    return new Soak(options, out(), err()).run(time, runs);
  }
}
