package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A run and the name that tells it from the other runs of the same results. */
public record NamedRun(String name, Run run) {

  /** The strategy's name, with the read guarantee and then a number added only where they are needed to tell apart. */
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

  /** Whether nothing was ever answered well, so that nothing can be judged. */
  boolean silent() {
    return run.latencyMillis() == null;
  }

  /** The longest recovery over all faults; null where one never ended within the run, or there was no fault. */
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

  /** {@link #slowest} in words: a duration, "never", or nothing to say. */
  String recovered(Function<FaultResult, @Nullable Double> recovery) {
    if (run.faults().isEmpty()) {
      return NumberFormats.NONE;
    }
    Double slowest = slowest(recovery);
    return slowest == null ? "never" : NumberFormats.duration(slowest);
  }
}
