package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A run with a name that is unique in its results. */
public record NamedRun(String name, Run run) {
  /** Names runs by strategy; adds the read guarantee, and then a number, only if that is needed for uniqueness. */
  static List<NamedRun> of(StrategyResults results) {
    List<String> strategies = results.runs().stream().map(Run::strategy).toList();
    List<String> names = results.runs().stream()
        .map(run -> run.reads() != null && Collections.frequency(strategies, run.strategy()) > 1
            ? run.strategy() + " (" + run.reads() + ')'
            : run.strategy())
        .toList();
    List<NamedRun> named = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      int earlier = Collections.frequency(names.subList(0, i), name);
      boolean several = Collections.frequency(names, name) > 1;
      named.add(new NamedRun(several ? name + " #" + (earlier + 1) : name, results.runs().get(i)));
    }
    return List.copyOf(named);
  }

  /** Whether the run had no good answer at all, so that nothing could be checked. */
  boolean unanswered() {
    return run.latencyMillis() == null;
  }

  /** The longest recovery of all faults; null without faults, or if one did not recover within the run. */
  @Nullable
  public Double slowest(Function<FaultResult, @Nullable Double> recovery) {
    Double slowest = null;
    for (FaultResult fault : run.faults()) {
      Double millis = recovery.apply(fault);
      if (millis == null) {
        return null;
      }
      slowest = slowest == null ? millis : Math.max(slowest, millis);
    }
    return slowest;
  }

  /** {@link #slowest} as text: a duration, "never", or a dash without faults. */
  String recovered(Function<FaultResult, @Nullable Double> recovery) {
    if (run.faults().isEmpty()) {
      return NumberFormats.NONE;
    }
    Double slowest = slowest(recovery);
    return slowest == null ? "never" : NumberFormats.duration(slowest);
  }

  /** How long users were disturbed by each fault, in milliseconds, shortest first; empty in older files. */
  private List<Double> disturbances() {
    return run.faults().stream().map(FaultResult::lastDisturbedMillis).filter(Objects::nonNull).sorted().toList();
  }

  /** The median of {@link #disturbances}; null without one. */
  @Nullable
  Double medianDisturbance() {
    List<Double> sorted = disturbances();
    return sorted.isEmpty()
        ? null
        : (Double) ((sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2);
  }

  /** The longest of {@link #disturbances}; null without one. */
  @Nullable
  Double worstDisturbance() {
    return disturbances().isEmpty() ? null : disturbances().getLast();
  }
}
