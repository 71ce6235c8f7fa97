package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.history.Workload;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.OperationMix;
import dev.statecraft.lab.strategy.SessionStrategy;
import dev.statecraft.lab.strategy.StrategyTrait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A validated plan to compare strategies.
 *
 * @param faults the names of the faults to inject into each strategy
 * @param environment the command-line options that select a release on Kubernetes; null for local clusters, to which
 * the nodes, reads and writes of the plan apply
 * @param warmUp how long load is offered before measuring, at most: it ends when the cluster is warm
 * @param repeat the rounds that are measured without faults before the faults; 0 for none
 * @param out the results directory
 */
public record ComparePlan(List<SessionStrategy> strategies, int nodes, double ratePerSecond, Duration duration,
    int sessions, List<String> faults, long seed, String reads, String writes, Workload workload,
    @Nullable String environment, Duration warmUp, int repeat, Path out) {
  /** The bound of the warm-up; its requests are in the history, but not in the latency. */
  public static final Duration WARM_UP = Duration.ofSeconds(30);
  /** The rounds without --repeat. */
  public static final int REPEAT = 3;
  /** Short, so that a comparison takes minutes; 150 requests per second give a p99 of nine requests. */
  private static final Duration ROUND = Duration.ofSeconds(6);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  /** Keeps the state of {@code cookie} far below the size limit of cookies. */
  private static final int CART_LIMIT = 20;
  /** Pauses between a user's requests are exponentially distributed: one in seven exceeds twice the mean. */
  private static final double MEAN_PAUSES_PER_TIMEOUT = 2;

  public ComparePlan {
    strategies = List.copyOf(strategies);
    faults = List.copyOf(faults);
  }

  public ComparePlan with(List<SessionStrategy> chosen, long newSeed, Path directory) {
    return new ComparePlan(chosen, nodes, ratePerSecond, duration, sessions, faults, newSeed, reads, writes, workload,
        environment, warmUp, repeat, directory);
  }

  /** How long a round is measured. */
  public Duration round() {
    return duration.compareTo(ROUND) < 0 ? duration : ROUND;
  }

  LoadPlan load(SessionStrategy strategy) {
    return new LoadPlan(ratePerSecond, warmUp, duration, sessions, seed(strategy), DEADLINE, mix(strategy), CART_LIMIT,
        workload);
  }

  private OperationMix mix(SessionStrategy strategy) {
    if (workload == Workload.TABS || workload == Workload.CHECKOUT) {
      return OperationMix.TABS;
    }
    if (workload == Workload.RACES) {
      return OperationMix.RACES;
    }
    // Only linearizable reads guarantee anything to a second client of a session.
    return strategy.isLinearizable(reads) ? OperationMix.OBSERVED : OperationMix.SHOPPING;
  }

  /** The schedule of faults for a strategy. */
  public Schedule schedule(SessionStrategy strategy, Function<Fault, Optional<String>> unsupportedReason) {
    return Schedule.draw(faults, unsupportedReason, duration, random(strategy));
  }

  SplittableRandom random(SessionStrategy strategy) {
    return new SplittableRandom(seed(strategy));
  }

  /** A seed per strategy, so that leaving one out does not change the others. */
  private long seed(SessionStrategy strategy) {
    return seed * 31 + strategy.id().hashCode();
  }

  /** The read guarantee under test; null if the strategy has no choice. */
  @Nullable
  public String reads(SessionStrategy strategy) {
    return strategy.has(StrategyTrait.HAS_READ_MODES) ? reads : null;
  }

  /** How the strategy writes; null if it has no choice. */
  @Nullable
  public String writes(SessionStrategy strategy) {
    return strategy.has(StrategyTrait.HAS_WRITE_MODES) ? writes : null;
  }

  /** The session timeout; null for the default. For {@code expiry} it is about as long as a user's pauses. */
  @Nullable
  public Duration sessionTimeout() {
    double pauseSeconds = sessions / ratePerSecond;
    return workload == Workload.EXPIRY
        ? Duration.ofSeconds(Math.max(1, Math.round(MEAN_PAUSES_PER_TIMEOUT * pauseSeconds)))
        : null;
  }

  /** The workload to record in the history; null for the default. */
  @Nullable
  public String historyWorkload() {
    return workload == Workload.SHOPPING ? null : workload.id();
  }

  /** The command that repeats the measurement. */
  public String command() {
    List<String> command = new ArrayList<>(List.of("./statecraft compare"));
    if (environment != null) {
      command.add(environment);
    }
    command.addAll(options());
    return String.join(" ", command);
  }

  /** The command-line options of the plan, without those that select the environment. */
  public List<String> options() {
    List<String> options = new ArrayList<>();
    options.addAll(List.of("--strategies", String.join(",", strategies.stream().map(SessionStrategy::id).toList())));
    if (environment == null) {
      options.addAll(List.of("--nodes", Integer.toString(nodes)));
    }
    options.addAll(List.of("--rate", OptionText.format(ratePerSecond)));
    options.addAll(List.of("--duration", OptionText.format(duration)));
    options.addAll(List.of("--sessions", Integer.toString(sessions)));
    boolean onlyKills = faults.size() > 1 && faults.stream().allMatch(FaultNames.KILL::equals);
    options.addAll(onlyKills
        ? List.of("--kills", Integer.toString(faults.size()))
        : List.of("--faults", FaultNames.format(faults)));
    if (environment == null) {
      options.addAll(List.of("--reads", reads, "--writes", writes));
    }
    if (!warmUp.equals(WARM_UP)) {
      options.addAll(List.of("--warm-up", OptionText.format(warmUp)));
    }
    if (repeat != REPEAT) {
      options.addAll(List.of("--repeat", Integer.toString(repeat)));
    }
    options.addAll(List.of("--workload", workload.id()));
    options.addAll(List.of("--seed", Long.toString(seed)));
    return options;
  }
}
