package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.checker.guarantee.Reads;
import dev.statecraft.lab.checker.guarantee.Writes;
import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.kubernetes.ReleaseShape;
import dev.statecraft.lab.history.Workload;
import dev.statecraft.lab.strategy.SessionStrategies;
import dev.statecraft.lab.strategy.SessionStrategy;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Parses and checks the options that select strategies and their configuration. */
public final class StrategyNames {
  private static final String ALL = "all";

  private StrategyNames() {}

  /**
   * The named strategies, in order and without repetitions; every one for {@code all}, and Statecraft's own if
   * {@code names} is empty.
   */
  static List<SessionStrategy> parse(List<String> names) {
    Set<SessionStrategy> strategies = new LinkedHashSet<>();
    for (String name : names) {
      if (name.strip().equals(ALL)) {
        strategies.addAll(SessionStrategies.all());
        continue;
      }
      strategies.add(SessionStrategies.named(name.strip()).orElseThrow(
          () -> new InvalidInput("--strategies: unknown strategy '" + name.strip() + "'; known: " + known())));
    }
    return strategies.isEmpty() ? SessionStrategies.own() : List.copyOf(strategies);
  }

  /** The named strategies of a release; all that it runs if {@code names} is empty. */
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

  /** Checks that every strategy supports the number of nodes. */
  static void checkNodes(int nodes, List<SessionStrategy> strategies) {
    if (nodes < 1 || nodes > 9) {
      throw new InvalidInput("--nodes " + nodes + ": must be from 1 to 9");
    }
    for (SessionStrategy strategy : strategies) {
      Optional<String> reason = strategy.unsupportedReason(nodes);
      if (reason.isPresent()) {
        throw new InvalidInput("--nodes " + nodes + ": " + strategy.id() + " " + reason.get());
      }
    }
  }

  /** Checks a read guarantee of {@code replicated}. */
  static void checkReads(String reads) {
    if (!Reads.all().contains(reads)) {
      throw new InvalidInput("--reads: unknown guarantee '" + reads + "'; known: " + String.join(", ", Reads.all()));
    }
  }

  /** Checks a write mode of {@code redis} and returns it. */
  static String checkWrites(String writes) {
    if (!Writes.all().contains(writes)) {
      throw new InvalidInput("--writes: unknown mode '" + writes + "'; known: " + String.join(", ", Writes.all()));
    }
    return writes;
  }

  /** The workload with a name. */
  static Workload workload(String name) {
    return Workload.named(name).orElseThrow(() -> new InvalidInput("--workload: unknown workload '" + name
        + "'; known: " + String.join(", ", Arrays.stream(Workload.values()).map(Workload::id).toList())));
  }

  /** The names of all strategies, separated by commas. */
  public static String known() {
    return SessionStrategies.all().stream().map(SessionStrategy::id).collect(Collectors.joining(", "));
  }
}
