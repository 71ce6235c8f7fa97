package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.NotRun;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.WarmUp;
import dev.statecraft.lab.load.Measurement.Timeline;
import dev.statecraft.lab.report.Chart;
import dev.statecraft.lab.report.NumberFormats;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One run over time: a chart, its events as text, and its figures as a table, unless there are too many.
 *
 * @param cold the id of the chart of its warm-up; null without one
 * @param coldFigures the values of that chart
 */
record Panel(String chart, String name, String hue, List<String> events, boolean complete, List<Interval> intervals,
    @Nullable String cold, String coldFigures) {
  private static final int MAX_INTERVALS = 600;

  /** A row of the table. */
  record Interval(String from, String requests, String errors, String p50, String p99) {}

  static Panel of(Chart chart, NamedRun named) {
    Run run = named.run();
    boolean complete = run.timeline().requests().size() <= MAX_INTERVALS;
    WarmUp warmUp = run.warmUp();
    return new Panel(chart.id(), named.name(), StrategyProfile.of(run.strategy()).hue(), events(run), complete,
        complete ? intervals(run.timeline()) : List.of(), warmUp == null ? null : StrategyCharts.warmUpId(chart),
        warmUp == null ? "" : String.join(", ", warmUp.goodPerSecond().stream().map(NumberFormats::count).toList()));
  }

  private static List<String> events(Run run) {
    List<String> events = new ArrayList<>();
    for (FaultResult fault : run.faults()) {
      events.add(String.format(Locale.ROOT, "%s of %s at %.1f s: ", NumberFormats.capitalised(fault.kind()),
          fault.target(), fault.atMillis() / 1000.0)
          + after("routing recovered after %s", "routing did not recover", fault.routingRecoveredMillis()) + ", "
          + after("state after %s", "state did not recover", fault.stateRecoveredMillis()) + ", "
          + after("the target served again after %s", "the target did not serve again", fault.servesAgainMillis())
          + '.' + felt(fault));
    }
    List<NotRun> notRun = run.notRun() == null ? List.of() : run.notRun();
    notRun.stream().collect(Collectors.groupingBy(NotRun::why, LinkedHashMap::new, Collectors.toList()))
        .forEach((why, faults) -> events.add("Not run: "
            + NumberFormats.enumerated(faults.stream().map(NotRun::fault).toList()) + ", because " + why + '.'));
    WarmUp warmUp = run.warmUp();
    if (warmUp != null) {
      events.add(warmth(warmUp));
    }
    events.add(NumberFormats.count(run.requests()) + " requests, "
        + (run.errors() == 0
            ? "no errors."
            : NumberFormats.count(run.errors()) + (run.errors() == 1 ? " error" : " errors") + " ("
                + NumberFormats.count(run.unknown()) + " with an unknown outcome)."));
    return List.copyOf(events);
  }

  private static String warmth(WarmUp warmUp) {
    String after = NumberFormats.duration(1000 * warmUp.seconds());
    Double compilers = warmUp.compilerProcessors();
    return warmUp.steady()
        ? "Warm when measuring began: its throughput had stopped rising after " + after + '.'
        : "Not warm when measuring began: after " + after + " its throughput still rose or its JIT compilers were busy"
            + (compilers == null ? "" : " (" + NumberFormats.number(compilers) + " CPUs)")
            + ". With a longer --warm-up its latency may be lower.";
  }

  private static String felt(FaultResult fault) {
    Double disturbed = fault.lastDisturbedMillis();
    return disturbed == null
        ? ""
        : " Its users had " + after("a good read after %s", "no good read", fault.firstReadMillis()) + " and "
            + after("a good write after %s", "no good write", fault.firstWriteMillis())
            + (disturbed == 0
                ? "; no answer failed or was late."
                : "; the last failed or late answer came after " + NumberFormats.duration(disturbed) + '.');
  }

  private static String after(String pattern, String never, @Nullable Double millis) {
    return millis == null ? never : pattern.replace("%s", NumberFormats.duration(millis));
  }

  private static List<Interval> intervals(Timeline timeline) {
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < timeline.requests().size(); i++) {
      intervals.add(new Interval(String.format(Locale.ROOT, "%.2f", (double) i * timeline.intervalMillis() / 1000),
          NumberFormats.count(timeline.requests().get(i)), NumberFormats.count(timeline.errors().get(i)),
          NumberFormats.number(timeline.p50().get(i)), NumberFormats.number(timeline.p99().get(i))));
    }
    return List.copyOf(intervals);
  }
}
