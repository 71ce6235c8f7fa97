package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.Rounds.Spread;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.load.Measurement.Timeline;
import dev.statecraft.lab.report.Chart;
import dev.statecraft.lab.report.Chart.Band;
import dev.statecraft.lab.report.Chart.Line;
import dev.statecraft.lab.report.Chart.OverTime;
import dev.statecraft.lab.report.Chart.Range;
import dev.statecraft.lab.report.Chart.Row;
import dev.statecraft.lab.report.Charts;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The charts of a comparison of session strategies. */
final class StrategyCharts {
  private StrategyCharts() {}

  /** One chart for each run, all with the same axes. */
  static List<Chart> overTime(List<NamedRun> runs) {
    double seconds = runs.stream().mapToDouble(named -> named.run().durationSeconds()).max().orElse(1);
    Range range = Charts.logarithmic(runs.stream().map(named -> named.run().timeline())
        .flatMap(timeline -> Stream.concat(timeline.p50().stream(), timeline.p99().stream())));
    List<Chart> charts = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Timeline timeline = runs.get(i).run().timeline();
      charts.add(new OverTime("over-time-" + i, StrategyProfile.of(runs.get(i).run().strategy()).hue(), "ms",
          timeline.intervalMillis() / 1000.0, seconds, range,
          List.of(new Line("p99", true, timeline.p99()), new Line("p50", false, timeline.p50())),
          failedPercent(timeline), runs.get(i).run().faults().stream().map(StrategyCharts::band).toList()));
    }
    return List.copyOf(charts);
  }

  /** The throughput of each run during its warm-up, all with the same axes; {@code charts} are those over time. */
  static List<Chart> warmUps(List<NamedRun> runs, List<Chart> charts) {
    List<WarmUp> all = runs.stream().flatMap(named -> Stream.ofNullable(named.run().warmUp())).toList();
    double seconds = all.stream().mapToDouble(WarmUp::seconds).max().orElse(1);
    Range range = Charts
        .logarithmic(all.stream().flatMap(each -> each.goodPerSecond().stream()).map(Long::doubleValue));
    List<Chart> warmUps = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      WarmUp warmUp = runs.get(i).run().warmUp();
      if (warmUp != null) {
        warmUps.add(new OverTime(warmUpId(charts.get(i)), StrategyProfile.of(runs.get(i).run().strategy()).hue(),
            "answers/s", 1, seconds, range,
            List.of(new Line("answers", true, positive(warmUp.goodPerSecond()))),
            List.of(), List.of()));
      }
    }
    return List.copyOf(warmUps);
  }

  /** The id of the chart of a run's warm-up, from its chart over time. */
  static String warmUpId(Chart overTime) {
    return "cold-" + overTime.id();
  }

  /** A logarithmic axis has no 0. */
  private static List<@Nullable Double> positive(List<Long> values) {
    List<@Nullable Double> positive = new ArrayList<>();
    for (long value : values) {
      positive.add(value == 0 ? null : (Double) (double) value);
    }
    return positive;
  }

  static Chart latency(List<NamedRun> runs) {
    return Charts.dots("latency", List.of("p50", "p99", "p99.9"), "no good answer", runs.stream().map(named -> {
      Latency latency = named.run().latencyMillis();
      return row(named, latency == null ? null : latency.p50(), latency == null ? null : latency.p99(),
          latency == null ? null : latency.p999());
    }).toList());
  }

  /** The range of a figure over the rounds of each run. */
  static Chart rounds(String id, List<NamedRun> runs, RepeatedFigure figure) {
    return Charts.dots(id, List.of("lowest", "median", "highest"), "not measured", runs.stream().map(named -> {
      Spread spread = figure.of(named);
      return row(named, spread == null ? null : spread.min(), spread == null ? null : spread.median(),
          spread == null ? null : spread.max());
    }).toList());
  }

  /** The slowest recovery of each run that had faults. */
  static Chart recovery(List<NamedRun> runs) {
    return Charts.dots("recovery", List.of("routing", "state"), "never",
        runs.stream().filter(named -> !named.run().faults().isEmpty()).map(named -> row(named,
            named.slowest(FaultResult::routingRecoveredMillis), named.slowest(FaultResult::stateRecoveredMillis)))
            .toList());
  }

  private static Row row(NamedRun named, @Nullable Double... values) {
    return Charts.row(named.name(), StrategyProfile.of(named.run().strategy()).hue(), values);
  }

  /** From the fault until its target served again or, if that was not observed, until the fault ended. */
  private static Band band(FaultResult fault) {
    Double back = fault.servesAgainMillis();
    Long ended = fault.endedAtMillis();
    return new Band(fault.kind() + ' ' + fault.target(), fault.atMillis() / 1000.0,
        back != null ? (Double) ((fault.atMillis() + back) / 1000) : ended == null ? null : (Double) (ended / 1000.0));
  }

  private static List<@Nullable Double> failedPercent(Timeline timeline) {
    List<@Nullable Double> failed = new ArrayList<>();
    for (int i = 0; i < timeline.errors().size(); i++) {
      long errors = timeline.errors().get(i);
      failed.add(errors == 0 ? null : 100.0 * errors / Math.max(errors, timeline.requests().get(i)));
    }
    return failed;
  }
}
