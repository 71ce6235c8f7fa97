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

/** {@code statecraft soak}: run after run with fresh seeds, until time is up or a guarantee breaks. */
@Command(name = "soak",
    description = "Runs random schedules of faults with fresh seeds until the time is up or a guarantee breaks.",
    mixinStandardHelpOptions = true)
final class SoakCommand extends LabCommand {
  @Option(names = "--for", paramLabel = "TIME", defaultValue = "10m",
      description = "No run begins later than this: ${DEFAULT-VALUE}.")
  private String time = "";

  @Option(names = "--runs", paramLabel = "N", defaultValue = "100000",
      description = "How many runs at most: ${DEFAULT-VALUE}.")
  private int runs;

  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "Which: ${bundle:strategies}, by turns. All of them.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "60",
      description = "Requests offered in each second: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "12s",
      description = "How long each run offers load; it goes on until all nodes that were hit serve again:"
          + " ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--sessions", paramLabel = "N", defaultValue = "30",
      description = "Simulated users: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(names = "--faults", paramLabel = "FAULT,...", defaultValue = "random,random",
      description = "As of compare: ${DEFAULT-VALUE}.")
  private String faults = "";

  @Option(names = "--reads", paramLabel = "GUARANTEE", defaultValue = Reads.LINEARIZABLE,
      description = "What replicated promises of reads: ${DEFAULT-VALUE}.")
  private String reads = "";

  @Option(names = "--writes", paramLabel = "WAY", defaultValue = Writes.LAST_WRITE_WINS,
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

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    CompareOptions options = new CompareOptions(
        strategies, nodes, rate, duration, sessions, faults, seed, reads, writes, workload, out);
    return new Soak(options, out(), err()).run(time, runs);
  }
}
