package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OptionText;
import dev.statecraft.lab.environment.local.GreyFault;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A validated plan to compare balancing rules.
 *
 * @param phase the duration of each of the two phases: unchanged nodes, changing nodes
 * @param slowdown how many times slower than the others one node is
 * @param faults grey failures, each of which is measured for each rule
 * @param outlierEjection whether the gateway ejects nodes by their share of failures
 */
public record BalancingPlan(List<String> rules, double ratePerSecond, Duration phase, int slowdown,
    List<GreyFault> faults, boolean outlierEjection, long seed) {
  private static final String NO_FAULT = "none";
  private static final List<String> RULES = List.of("round-robin", "weighted", "least-connections", "fair",
      "power-of-two-choices", "ip-hash", "url-hash", "rendezvous");
  private static final int MAX_SLOWDOWN = 100;
  private static final Duration MIN_DURATION = Duration.ofSeconds(4);
  private static final Duration MAX_DURATION = Duration.ofMinutes(5);

  public BalancingPlan {
    rules = List.copyOf(rules);
    faults = List.copyOf(faults);
  }

  /** Every rule of the gateway. */
  public static List<String> allRules() {
    return RULES;
  }

  /** The name of every grey failure, and that of none. */
  public static List<String> allFaults() {
    return Stream.concat(GreyFault.labels().stream(), Stream.of(NO_FAULT)).toList();
  }

  /** Creates a plan from command-line options; without rules or faults for all, without a seed with a random one. */
  public static BalancingPlan of(List<String> rules, double rate, String duration, int slowdown, List<String> faults,
      boolean outlierEjection, @Nullable Long seed) {
    if (slowdown < 1 || slowdown > MAX_SLOWDOWN) {
      throw new InvalidInput("--slowdown " + slowdown + ": must be from 1 to " + MAX_SLOWDOWN);
    }
    return new BalancingPlan(OptionText.names("--rules", "balancing rule", rules, RULES), OptionText.rate(rate),
        OptionText.duration("--duration", duration, MIN_DURATION, MAX_DURATION), slowdown,
        OptionText.names("--faults", "grey failure", faults, allFaults()).stream()
            .filter(fault -> !fault.equals(NO_FAULT)).map(GreyFault::of).toList(),
        outlierEjection, seed == null ? ThreadLocalRandom.current().nextLong(1, 1_000_000) : seed);
  }

  /** The command that repeats the measurement. */
  String command() {
    String injected = faults.isEmpty()
        ? NO_FAULT
        : faults.stream().map(GreyFault::label).collect(Collectors.joining(","));
    return "./statecraft compare balancing --rules " + String.join(",", rules) + " --rate "
        + OptionText.format(ratePerSecond) + " --duration " + OptionText.format(phase) + " --slowdown " + slowdown
        + " --faults " + injected + (outlierEjection ? "" : " --no-outlier-ejection") + " --seed " + seed;
  }
}
