package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.SessionStrategy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what the user wrote after {@code --strategies}. */
final class StrategyNames {
  static final List<String> READS = List.of("linearizable", "session", "local");

  private StrategyNames() {}

  /** The strategies, each once, in the order in which they were named; none named means all. */
  static List<SessionStrategy> parse(List<String> names) {
    Set<SessionStrategy> strategies = new LinkedHashSet<>();
    for (String name : names) {
      strategies.add(
          SessionStrategy.named(name.strip()).orElseThrow(
              () -> new BadInput("--strategies: there is no strategy '" + name.strip() + "'; there are " + known())));
    }
    return strategies.isEmpty() ? List.of(SessionStrategy.values()) : List.copyOf(strategies);
  }

  /** Refuses a number of nodes that a strategy cannot work with. */
  static void checkNodes(int nodes, List<SessionStrategy> strategies) {
    if (nodes < 1 || nodes > 9) {
      throw new BadInput("--nodes " + nodes + ": from 1 to 9");
    }
    if (strategies.contains(SessionStrategy.REPLICATED) && (nodes < 3 || nodes % 2 == 0)) {
      throw new BadInput(
          "--nodes " + nodes + ": replicated needs an odd number of nodes, 3 or more, so that a majority outlives a"
              + " loss");
    }
  }

  /** Refuses a read guarantee that {@code replicated} does not know. */
  static void checkReads(String reads) {
    if (!READS.contains(reads)) {
      throw new BadInput("--reads: there is no guarantee '" + reads + "'; there are " + String.join(", ", READS));
    }
  }

  private static String known() {
    return Arrays.stream(SessionStrategy.values()).map(SessionStrategy::id).collect(Collectors.joining(", "));
  }
}
