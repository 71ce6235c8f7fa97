package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape;
import dev.statecraft.lab.history.Workload;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what the user wrote after {@code --strategies}. */
public final class StrategyNames {
  private StrategyNames() {}

  /** The strategies, each once, in the order in which they were named; none named means all. */
  static List<SessionStrategy> parse(List<String> names) {
    Set<SessionStrategy> strategies = new LinkedHashSet<>();
    for (String name : names) {
      strategies.add(SessionStrategy.named(name.strip()).orElseThrow(
          () -> new InvalidInput("--strategies: there is no strategy '" + name.strip() + "'; there are " + known())));
    }
    return strategies.isEmpty() ? SessionStrategy.all() : List.copyOf(strategies);
  }

  /** Those of a release that were named; none named means all that it runs. */
  static List<SessionStrategy> among(List<String> names, ReleaseShape release) {
    Set<SessionStrategy> run = release.strategies().keySet();
    if (run.isEmpty()) {
      throw new InvalidInput("the release " + release.name() + " runs no session strategy");
    }
    List<SessionStrategy> chosen = names.isEmpty() ? List.copyOf(run) : parse(names);
    for (SessionStrategy strategy : chosen) {
      if (!run.contains(strategy)) {
        throw new InvalidInput("--strategies: the release " + release.name() + " does not run " + strategy.id()
            + "; it runs " + String.join(", ", run.stream().map(SessionStrategy::id).toList()));
      }
    }
    return chosen;
  }

  /** Refuses a number of nodes that a strategy cannot work with. */
  static void checkNodes(int nodes, List<SessionStrategy> strategies) {
    if (nodes < 1 || nodes > 9) {
      throw new InvalidInput("--nodes " + nodes + ": from 1 to 9");
    }
    if (strategies.contains(SessionStrategy.REPLICATED) && (nodes < 3 || nodes % 2 == 0)) {
      throw new InvalidInput("--nodes " + nodes
          + ": replicated needs an odd number of nodes, 3 or more, so that a majority outlives a" + " loss");
    }
  }

  /** Refuses a read guarantee that {@code replicated} does not know. */
  static void checkReads(String reads) {
    if (!Reads.all().contains(reads)) {
      throw new InvalidInput(
          "--reads: there is no guarantee '" + reads + "'; there are " + String.join(", ", Reads.all()));
    }
  }

  /** How redis may write; refuses what it does not know. */
  static String checkWrites(String writes) {
    if (!Writes.all().contains(writes)) {
      throw new InvalidInput(
          "--writes: there is no way '" + writes + "'; there are " + String.join(", ", Writes.all()));
    }
    return writes;
  }

  /** The workload of that name. */
  static Workload workload(String name) {
    return Workload.named(name).orElseThrow(() -> new InvalidInput("--workload: there is no '" + name + "'; there are "
        + String.join(", ", Arrays.stream(Workload.values()).map(Workload::id).toList())));
  }

  /** The names of all strategies, for messages and help texts. */
  public static String known() {
    return SessionStrategy.all().stream().map(SessionStrategy::id).collect(Collectors.joining(", "));
  }
}
