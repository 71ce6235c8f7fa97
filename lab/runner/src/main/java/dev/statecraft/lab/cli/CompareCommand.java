package dev.statecraft.lab.cli;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.strategies.CompareOptions;
import dev.statecraft.lab.experiment.strategies.ComparePlan;
import dev.statecraft.lab.experiment.strategies.StrategyComparison;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code statecraft compare}: compares the session strategies. */
@Command(name = "compare",
    description = "Runs each session strategy under the same load, kills a node, and checks every answer.",
    subcommands = {BalancingCommand.class, ReadsCommand.class, ConcurrencyCommand.class})
public final class CompareCommand extends LabCommand {
  @Mixin
  private final EnvironmentMixin environment = new EnvironmentMixin();

  @Option(names = "--strategies", split = ",", paramLabel = "NAME",
      description = "The strategies to compare: ${bundle:strategies}; all for each of them. Default: the first four."
          + " The others are session stores of other projects.")
  private List<String> strategies = List.of();

  @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
      description = "Stateful nodes of each strategy. Default: ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--rate", paramLabel = "N", defaultValue = "150",
      description = "Requests per second, independent of the answers (open loop). Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(names = "--repeat", paramLabel = "N", defaultValue = ComparePlan.REPEAT + "",
      description = "Rounds of at most 6 s without faults, in turn with the other strategies, before the faults are"
          + " injected; 0 for none. The report gives the median and the range of each figure."
          + " Default: ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(names = "--duration", paramLabel = "TIME", defaultValue = "20s",
      description = "How long each strategy is measured while the faults are injected. Default: ${DEFAULT-VALUE}.")
  private String duration = "";

  @Option(names = "--warm-up", paramLabel = "TIME", defaultValue = "30s",
      description = "How long each local cluster may be driven before measuring, at most: it ends when throughput has"
          + " stopped rising and the JIT compilers are idle. Default: ${DEFAULT-VALUE}.")
  private String warmUp = "";

  @Option(names = "--sessions", paramLabel = "N", defaultValue = "120",
      description = "Simulated users, each with one session at a time. Default: ${DEFAULT-VALUE}.")
  private int sessions;

  @Option(names = "--faults", paramLabel = "FAULT,...", defaultValue = "kill",
      description = "The faults to inject: ${bundle:faults}; the seed decides the order of several. The target is"
          + " the most important node: the owner of most sessions, or the leader. Default: ${DEFAULT-VALUE}.")
  private String faults = "";

  @Option(names = "--kills", paramLabel = "N",
      description = "Kills so many nodes one after the other, in place of --faults; without --duration, each gets 15 s."
          + " The report then shows the median and the worst disturbance.")
  private @Nullable Integer kills;

  @Option(names = "--seed", paramLabel = "N", description = "Repeats the random choices of an earlier run.")
  private @Nullable Long seed;

  @Option(names = "--reads", paramLabel = "GUARANTEE", defaultValue = Reads.SESSION,
      description = "The read guarantee of replicated: linearizable (every read sees every acknowledged write), session"
          + " (users see their own writes), local (reads may be stale). Default: ${DEFAULT-VALUE}.")
  private String reads = "";

  @Option(names = "--writes", paramLabel = "MODE", defaultValue = Writes.LAST_WRITE_WINS,
      description = "The write mode of redis: last-write-wins (as Spring Session does), compare-and-set (one of two"
          + " concurrent writes is rejected), or confirmed (compare-and-set, and a write waits until both replicas"
          + " have it). Default: ${DEFAULT-VALUE}.")
  private String writes = "";

  @Option(names = "--workload", paramLabel = "NAME", defaultValue = "shopping",
      description = "What the users do: shopping (one client per session), tabs (three clients use one session at the"
          + " same time), races (tabs that also rotate the session id and log out), checkout (tabs that all reserve,"
          + " pay and ship one small cart), expiry (sessions that live about as long as a user's pauses), large"
          + " (carts that outgrow a cookie). Default: ${DEFAULT-VALUE}.")
  private String workload = "";

  @Option(names = "--out", paramLabel = "DIR",
      description = "The directory for the results. Default: results/TIME in the working directory.")
  private @Nullable Path out;

  @Option(names = "--no-open", description = "Does not open the report in a browser.")
  private boolean noOpen;

  @Override
  public Integer call() throws ClusterFailure, IOException, InterruptedException {
    Set<String> given = givenOptions();
    CompareOptions options = new CompareOptions(strategies, nodes, rate, duration, sessions, faults, seed, reads,
        writes, workload, warmUp, repeat, out);
    if (kills != null) {
      options = options.withKills(kills, given);
    }
    return new StrategyComparison(options, environment.options(), !noOpen, out(), err()).run(given);
  }
}
