package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.SessionStrategy;
import dev.statecraft.lab.fault.Fault;
import dev.statecraft.lab.load.LoadPlan;
import dev.statecraft.lab.load.Mix;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A comparison as the user asked for it; its values have been checked.
 *
 * @param fault what is done to each strategy in the middle, or null for nothing
 * @param out the directory of the results
 */
record ComparePlan(
    List<SessionStrategy> strategies, int nodes, double ratePerSecond, Duration duration, int sessions,
    @Nullable Fault fault, long seed, String reads, Path out) {

  /** Time for the compilers of a cold cluster to settle; in the history, not in the latency. */
  private static final Duration WARM_UP = Duration.ofSeconds(24);
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration LONGEST_DOWN = Duration.ofSeconds(3);
  /** Keeps the state of the strategy {@code cookie} far below what a cookie may hold. */
  private static final int CART_LIMIT = 20;

  ComparePlan {
    strategies = List.copyOf(strategies);
  }

  LoadPlan load(SessionStrategy strategy) {
    // Only linearizable promises anything to a second client of a session.
    boolean promisedToAnyone = strategy == SessionStrategy.REPLICATED && reads.equals("linearizable");
    return new LoadPlan(
        ratePerSecond, WARM_UP, duration, sessions, seed(strategy), DEADLINE,
        promisedToAnyone ? Mix.WATCHED : Mix.SHOPPING, CART_LIMIT);
  }

  /** When the fault strikes, since measuring began: in the middle, give or take a twentieth by the seed. */
  Duration faultAt(SessionStrategy strategy) {
    double share = 0.45 + 0.1 * random(strategy).nextDouble();
    return Duration.ofNanos((long) (duration.toNanos() * share));
  }

  /** How long a killed node stays away. */
  Duration faultLasts() {
    Duration share = duration.dividedBy(5);
    return share.compareTo(LONGEST_DOWN) < 0 ? share : LONGEST_DOWN;
  }

  SplittableRandom random(SessionStrategy strategy) {
    return new SplittableRandom(seed(strategy));
  }

  /** Each strategy draws on its own: leaving one out changes nothing for the others. */
  private long seed(SessionStrategy strategy) {
    return seed * 31 + strategy.id().hashCode();
  }

  Optional<Fault> optionalFault() {
    return Optional.ofNullable(fault);
  }

  /** The read guarantee under test, where the strategy has one. */
  @Nullable
  String reads(SessionStrategy strategy) {
    return strategy == SessionStrategy.REPLICATED ? reads : null;
  }

  /** What a reader types to measure this again. */
  String command() {
    return "./statecraft compare --strategies " + String.join(
        ",", strategies.stream().map(SessionStrategy::id).toList()) + " --nodes " + nodes + " --rate "
        + (ratePerSecond == Math.rint(ratePerSecond)
            ? Long.toString((long) ratePerSecond)
            : Double.toString(ratePerSecond))
        + " --duration " + DurationText.of(duration) + " --sessions " + sessions + " --faults "
        + (fault == null ? "none" : fault.id()) + " --reads " + reads + " --seed " + seed;
  }
}
