package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.report.NumberFormats;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One row of the decision table; {@code breach} lists the undocumented anomalies. */
record DecisionRow(int index, String name, String hue, String guarantee, String anomaly, boolean kept,
    List<String> lost, boolean harmed, String remark, @Nullable String breach, List<Cell> figures) {
  /** A figure; narrow screens show the heading beside it. {@code exact} is the value in {@code results.json}. */
  record Cell(String heading, String text, @Nullable String exact) {
    static Cell number(String heading, @Nullable Double value) {
      return new Cell(heading, value == null ? "–" : NumberFormats.number(value),
          value == null ? null : value.toString());
    }
  }

  static DecisionRow of(int index, NamedRun named) {
    Run run = named.run();
    Latency latency = run.latencyMillis();
    List<String> lost = Summary.lost(run);
    List<String> breach = AnomalyCount.seen(run).stream().filter(anomaly -> !anomaly.allowed(run))
        .map(anomaly -> anomaly.counted(run)).toList();
    return new DecisionRow(index, named.name(), StrategyProfile.of(run.strategy()).hue(), run.guarantee(),
        run.anomaly(), run.guaranteeKept(), lost.isEmpty() ? List.of(named.unanswered() ? "unknown" : "nothing") : lost,
        !lost.isEmpty(),
        named.unanswered() ? "no good answer to check" : breach.isEmpty() && !lost.isEmpty() ? "as documented" : "",
        breach.isEmpty() ? null : NumberFormats.enumerated(breach),
        List.of(Cell.number("Latency p50, ms", latency == null ? null : latency.p50()),
            Cell.number("Latency p99, ms", latency == null ? null : latency.p99()),
            Cell.number("Latency p99.9, ms", latency == null ? null : latency.p999()),
            Cell.number("Good answers/s", run.throughputPerSecond()),
            new Cell("Errors", NumberFormats.percent(run.errors(), run.requests()), Long.toString(run.errors())),
            recovery("Routing recovered after", named, FaultResult::routingRecoveredMillis),
            recovery("State recovered after", named, FaultResult::stateRecoveredMillis),
            duration("Users disturbed, median", named.medianDisturbance()),
            duration("Users disturbed, worst", named.worstDisturbance())));
  }

  private static Cell duration(String heading, @Nullable Double millis) {
    return new Cell(heading, millis == null ? "–" : NumberFormats.duration(millis),
        millis == null ? null : millis.toString());
  }

  private static Cell recovery(String heading, NamedRun named, Function<FaultResult, @Nullable Double> recovery) {
    Double slowest = named.slowest(recovery);
    String text = named.run().faults().isEmpty() ? "–" : named.recovered(recovery);
    return new Cell(heading, text, slowest == null ? null : slowest.toString());
  }
}
