package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.strategies.CompareOptions;
import dev.statecraft.lab.experiment.strategies.StrategyComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code statecraft compare}: the strategies, measured side by side. */
@Command(name = "compare",
    description = "Runs each session strategy under the same load, kills a node in the middle, judges every answer.",
    subcommands = {BalancingCommand.class, ReadsCommand.class, ConcurrencyCommand.class},
    mixinStandardHelpOptions = true)
public final class CompareCommand extends LabCommand {
  @Mixin
  private final PlaceOptions place = new PlaceOptions();

  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "Which to compare: ${bundle:strategies}. All of them.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "150",
      description = "Requests offered in each second, whatever the answers: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "20s",
      description = "How long each is measured, after a warm-up: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--sessions", paramLabel = "N", defaultValue = "120",
      description = "Simulated users, each with one session at a time: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(names = "--faults", paramLabel = "FAULT,...", defaultValue = "kill",
      description = "What is done to each: ${bundle:faults}; several come in an order drawn by the seed. A node is"
          + " chosen so that it hurts most: the owner of most sessions, or the leader. ${DEFAULT-VALUE}.")
  private String faults = "";

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the random choices of an earlier run.")
  private @Nullable Long seed;

  @Option(names = "--reads", paramLabel = "GUARANTEE", defaultValue = Reads.SESSION,
      description = "What replicated promises of reads: linearizable (everyone sees every acknowledged write), session"
          + " (users see their own), local (reads may be old): ${DEFAULT-VALUE}.")
  private String reads = "";

  @Option(names = "--writes", paramLabel = "WAY", defaultValue = Writes.LAST_WRITE_WINS,
      description = "How redis writes: last-write-wins (as Spring Session does), compare-and-set (the loser of two"
          + " concurrent writes is told), or confirmed (besides, a write waits until both replicas have it):"
          + " ${DEFAULT-VALUE}.")
  private String writes = "";

  @Option(names = "--workload", paramLabel = "NAME", defaultValue = "shopping",
      description = "Who the users are: shopping (each alone with a session), tabs (three ask at once in one session),"
          + " races (tabs that also rotate the session's id and log out under each other's hands), checkout (tabs that"
          + " all reserve, pay and ship one small cart), expiry (sessions that live about as long as a user's pauses),"
          + " large (carts that outgrow a cookie): ${DEFAULT-VALUE}.")
  private String workload = "";

  @Option(names = "--out", paramLabel = "DIR",
      description = "Where the results go: results/TIME in the working directory by default.")
  private @Nullable Path out;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    CompareOptions options = new CompareOptions(
        strategies, nodes, rate, duration, sessions, faults, seed, reads, writes, workload, out);
    Set<String> given = spec().commandLine().getParseResult().matchedOptions().stream().map(OptionSpec::longestName)
        .collect(Collectors.toSet());
    return new StrategyComparison(options, place.place(), !noOpen, out(), err()).run(given);
  }
}
