package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OptionText;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * A validated plan to compare balancing rules.
 *
 * @param phase the duration of each of the two phases: unchanged nodes, changing nodes
 * @param slowdown how many times slower than the others one node is
 */
public record BalancingPlan(List<String> rules, double ratePerSecond, Duration phase, int slowdown, long seed) {
  private static final List<String> RULES = List.of("round-robin", "weighted", "least-connections", "fair",
      "power-of-two-choices", "ip-hash", "url-hash", "rendezvous");
  private static final int MAX_SLOWDOWN = 100;
  private static final Duration MIN_DURATION = Duration.ofSeconds(4);
  private static final Duration MAX_DURATION = Duration.ofMinutes(5);

  public BalancingPlan {
    rules = List.copyOf(rules);
  }

  /** Every rule of the gateway. */
  public static List<String> allRules() {
    return RULES;
  }

  /** Creates a plan from command-line options; without rules for all, without a seed with a random one. */
  public static BalancingPlan of(List<String> rules, double rate, String duration, int slowdown, @Nullable Long seed) {
    if (slowdown < 1 || slowdown > MAX_SLOWDOWN) {
      throw new InvalidInput("--slowdown " + slowdown + ": must be from 1 to " + MAX_SLOWDOWN);
    }
    return new BalancingPlan(OptionText.names("balancing rule", rules, RULES), OptionText.rate(rate),
        OptionText.duration("--duration", duration, MIN_DURATION, MAX_DURATION), slowdown,
        seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000) : seed);
  }

  /** The command that repeats the measurement. */
  String command() {
    return "./statecraft compare balancing --rules " + String.join(",", rules) + " --rate "
        + OptionText.format(ratePerSecond) + " --duration " + OptionText.format(phase) + " --slowdown " + slowdown
        + " --seed " + seed;
  }
}
