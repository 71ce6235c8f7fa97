package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.NotRun;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.load.Measurement.Timeline;
import dev.statecraft.lab.report.Chart;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The course of one run: a chart, what happened in words, and the figures of the chart as a table.
 *
 * @param complete false where the run has more intervals than a page should list
 */
record Panel(String chart, String name, String hue, List<String> story, boolean complete, List<Interval> intervals) {
  private static final int LISTED = 600;

  /** A row of the table; a null had no good answer. */
  record Interval(String from, String requests, String errors, String p50, String p99) {}

  static Panel of(Chart chart, NamedRun named) {
    Timeline timeline = named.run().timeline();
    boolean complete = timeline.requests().size() <= LISTED;
    return new Panel(chart.id(), named.name(), StrategyProfile.of(named.run().strategy()).hue(), story(named.run()),
        complete, complete ? intervals(timeline) : List.of());
  }

  private static List<String> story(Run run) {
    List<String> story = new ArrayList<>();
    for (FaultResult fault : run.faults()) {
      story.add(String.format(Locale.ROOT, "%s of %s at %.1f s: ", NumberFormats.capitalised(fault.kind()),
          fault.target(), fault.atMillis() / 1000.0)
          + after("routing back after %s", "routing never back", fault.routingRecoveredMillis()) + ", "
          + after("state after %s", "state never back", fault.stateRecoveredMillis()) + ", "
          + after("the node itself serving after %s", "the node itself not serving again", fault.servesAgainMillis())
          + '.');
    }
    List<NotRun> notRun = run.notRun() == null ? List.of() : run.notRun();
    notRun.stream().collect(Collectors.groupingBy(NotRun::why, LinkedHashMap::new, Collectors.toList()))
        .forEach((why, faults) -> story.add("Not run: "
            + NumberFormats.enumerated(faults.stream().map(NotRun::fault).toList()) + ", because " + why + '.'));
    story.add(NumberFormats.count(run.requests()) + " requests, "
        + (run.errors() == 0
            ? "no error."
            : NumberFormats.count(run.errors()) + (run.errors() == 1 ? " error" : " errors") + " ("
                + NumberFormats.count(run.unknown()) + " with an unknown outcome)."));
    return List.copyOf(story);
  }

  private static String after(String said, String never, @Nullable Double millis) {
    return millis == null ? never : said.replace("%s", NumberFormats.duration(millis));
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
