package dev.statecraft.lab.report;

import dev.statecraft.lab.report.Results.FaultResult;
import dev.statecraft.lab.report.Results.Latency;
import dev.statecraft.lab.report.Results.Run;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One row of the decision table.
 *
 * @param lost what was lost, one entry each; empty where nothing was
 * @param documented whether each anomaly seen is one that the strategy documents
 */
record DecisionRow(
    int index, String name, String hue, String guarantee, String anomaly, boolean kept, List<String> lost,
    boolean documented, List<Cell> figures) {

  /**
   * A figure.
   *
   * @param heading stands before it where the table folds into cards
   * @param exact as {@code results.json} has it, or null where there is none
   */
  record Cell(String heading, String text, @Nullable String exact) {
    static Cell number(String heading, @Nullable Double value) {
      return new Cell(heading, value == null ? "–" : Figures.number(value), value == null ? null : value.toString());
    }
  }

  static DecisionRow of(int index, NamedRun named) {
    Run run = named.run();
    Latency latency = run.latencyMillis();
    return new DecisionRow(
        index,
        named.name(),
        StrategyProfile.of(run.strategy()).hue(),
        run.guarantee(),
        run.anomaly(),
        run.guaranteeKept(),
        Headline.lost(run),
        Anomaly.seen(run).stream().allMatch(anomaly -> anomaly.allowed(run)),
        List.of(
            Cell.number("Latency p50, ms", latency == null ? null : latency.p50()),
            Cell.number("Latency p99, ms", latency == null ? null : latency.p99()),
            Cell.number("Latency p99.9, ms", latency == null ? null : latency.p999()),
            Cell.number("Good answers/s", run.throughputPerSecond()),
            new Cell("Errors", Figures.percent(run.errors(), run.requests()), Long.toString(run.errors())),
            recovery("Routing recovered after", named, FaultResult::routingRecoveredMillis),
            recovery("State recovered after", named, FaultResult::stateRecoveredMillis)));
  }

  private static Cell recovery(String heading, NamedRun named, Function<FaultResult, @Nullable Double> recovery) {
    Double slowest = named.slowest(recovery);
    String text = named.run().faults().isEmpty() ? "–" : named.recovered(recovery);
    return new Cell(heading, text, slowest == null ? null : slowest.toString());
  }
}
