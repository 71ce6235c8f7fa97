package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.fault.Schedule;
import dev.statecraft.lab.history.Workload;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.OperationMix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as the user asked for it; its values have been checked.
 *
 * @param faults the names of what is done to each strategy
 * @param place the words of the command that say which release is measured; null where a cluster of this machine is
 * started, with the nodes, reads and writes of this plan: a release brings its own
 * @param warmUp how long before measuring begins the rate climbs
 * @param out the directory of the results
 */
public record ComparePlan(List<SessionStrategy> strategies, int nodes, double ratePerSecond, Duration duration,
    int sessions, List<String> faults, long seed, String reads, String writes, Workload workload,
    @Nullable String place, Duration warmUp, Path out) {

  /** Time for the compilers of a cold cluster to settle; in the history, not in the latency. */
  public static final Duration WARM_UP = Duration.ofSeconds(24);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  /** Keeps the state of the strategy {@code cookie} far below what a cookie may hold. */
  private static final int CART_LIMIT = 20;
  /** A user's pauses are drawn like those of a Poisson process: one in seven is longer than twice the mean. */
  private static final double PAUSES_IN_A_LIFE = 2;

  public ComparePlan {
    strategies = List.copyOf(strategies);
    faults = List.copyOf(faults);
  }

  /** The same with other strategies, another seed and another directory. */
  public ComparePlan with(List<SessionStrategy> chosen, long newSeed, Path directory) {
    return new ComparePlan(chosen, nodes, ratePerSecond, duration, sessions, faults, newSeed, reads, writes, workload,
        place, warmUp, directory);
  }

  LoadPlan load(SessionStrategy strategy) {
    return new LoadPlan(
        ratePerSecond, warmUp, duration, sessions, seed(strategy), DEADLINE, mix(strategy), CART_LIMIT, workload);
  }

  private OperationMix mix(SessionStrategy strategy) {
    if (workload == Workload.TABS || workload == Workload.CHECKOUT) {
      return OperationMix.TABS;
    }
    if (workload == Workload.RACES) {
      return OperationMix.RACES;
    }
    // Only linearizable promises anything to a second client of a session.
    boolean promisedToAnyone = strategy == SessionStrategy.REPLICATED && reads.equals(Reads.LINEARIZABLE);
    return promisedToAnyone ? OperationMix.OBSERVED : OperationMix.SHOPPING;
  }

  /** Which faults are injected when. */
  public Schedule schedule(SessionStrategy strategy, Function<Fault, Optional<String>> unsupportedReason) {
    return Schedule.draw(faults, unsupportedReason, duration, random(strategy));
  }

  SplittableRandom random(SessionStrategy strategy) {
    return new SplittableRandom(seed(strategy));
  }

  /** Each strategy draws on its own: leaving one out changes nothing for the others. */
  private long seed(SessionStrategy strategy) {
    return seed * 31 + strategy.id().hashCode();
  }

  /** The read guarantee under test, where the strategy has one. */
  @Nullable
  public String reads(SessionStrategy strategy) {
    return strategy == SessionStrategy.REPLICATED ? reads : null;
  }

  /** How the strategy writes, where it has a choice. */
  @Nullable
  public String writes(SessionStrategy strategy) {
    return strategy == SessionStrategy.REDIS ? writes : null;
  }

  /** How long a session may be idle: about as long as a user's pauses where that is what is tried, else the default. */
  @Nullable
  public Duration sessionTimeout() {
    double pauseSeconds = sessions / ratePerSecond;
    return workload == Workload.EXPIRY
        ? Duration.ofSeconds(Math.max(1, Math.round(PAUSES_IN_A_LIFE * pauseSeconds)))
        : null;
  }

  /** What the history says of the clients: nothing where each has a session of its own. */
  @Nullable
  public String workloadOfHistory() {
    return workload == Workload.SHOPPING ? null : workload.id();
  }

  /** What a reader types to measure this again. */
  public String command() {
    List<String> words = new ArrayList<>(List.of("./statecraft compare"));
    if (place != null) {
      words.add(place);
    }
    words.addAll(options());
    return String.join(" ", words);
  }

  /** The words of the command that say what is measured, whichever release it is. */
  public List<String> options() {
    List<String> words = new ArrayList<>();
    words.addAll(List.of("--strategies", String.join(",", strategies.stream().map(SessionStrategy::id).toList())));
    if (place == null) {
      words.addAll(List.of("--nodes", Integer.toString(nodes)));
    }
    words.addAll(List.of("--rate", OptionText.format(ratePerSecond)));
    words.addAll(List.of("--duration", OptionText.format(duration)));
    words.addAll(List.of("--sessions", Integer.toString(sessions)));
    words.addAll(List.of("--faults", FaultNames.text(faults)));
    if (place == null) {
      words.addAll(List.of("--reads", reads, "--writes", writes));
    }
    words.addAll(List.of("--workload", workload.id()));
    words.addAll(List.of("--seed", Long.toString(seed)));
    return words;
  }
}
