package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Claim;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.ClaimStatus;
import dev.statecraft.lab.report.Chart;
import dev.statecraft.lab.report.Chart.Curve;
import dev.statecraft.lab.report.Chart.Curves;
import dev.statecraft.lab.report.Chart.Point;
import dev.statecraft.lab.report.Charts;
import dev.statecraft.lab.report.Fact;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The data of {@code concurrency.mustache}, formatted as text. */
record ConcurrencyPage(String answer, List<String> details, String startedAt, String started, List<Work> works,
    List<Chart> charts, List<ClaimRow> claims, List<ComposedRow> compositions, List<Advice> advice, List<Fact> facts,
    String command, List<Fact> terms) {

  /** One kind of work: its chart, and a row for each model. */
  record Work(String id, String title, String request, String chart, List<Row> rows, List<StepRow> steps) {}

  /** One model under one kind of work. */
  record Row(String model, String hue, List<Cell> figures) {}

  /** A figure and its heading, which narrow screens show beside it. */
  record Cell(String heading, String text) {}

  /** One rate of one model. */
  record StepRow(String model, String offered, String good, String p50, String p99, String rejected, String failed) {}

  /** A claim and whether it holds. */
  record ClaimRow(String claim, boolean broken, String status, String figures) {}

  /** One way to compose three calls. */
  record ComposedRow(String service, String composition, String millis, String times) {}

  /** When to use a model. */
  record Advice(String model, String hue, String request, String goodFor, String limitedBy) {}

  static ConcurrencyPage of(ConcurrencyResults results) {
    List<String> workloads = workloads(results);
    List<Chart> charts = new ArrayList<>();
    List<Work> works = new ArrayList<>();
    for (String workload : workloads) {
      List<Series> measured = of(results, workload);
      String chart = "latency-" + workload;
      charts.add(curves(chart, measured, results.limitMillis()));
      works.add(new Work(workload, title(workload), measured.getFirst().work(), chart,
          measured.stream().map(ConcurrencyPage::row).toList(),
          measured.stream().flatMap(ConcurrencyPage::steps).toList()));
    }
    return new ConcurrencyPage(answer(results), details(results), results.startedAt().toString(),
        NumberFormats.time(results.startedAt()), works, charts,
        results.claims().stream()
            .map(claim -> new ClaimRow(claim.claim(), claim.standing() == ClaimStatus.BROKEN, status(claim),
                claim.figures()))
            .toList(),
        results.compositions().stream().map(ConcurrencyPage::composed).toList(),
        results.series().stream().map(Series::model).distinct().map(ConcurrencyPage::advice).toList(), facts(results),
        results.command(), terms(results));
  }

  private static List<String> workloads(ConcurrencyResults results) {
    return results.series().stream().map(Series::workload).distinct().toList();
  }

  private static List<Series> of(ConcurrencyResults results, String workload) {
    return results.series().stream().filter(series -> series.workload().equals(workload)).toList();
  }

  static String title(String workload) {
    return switch (workload) {
      case "cpu" -> "1 ms of calculation";
      case "wait" -> "100 ms of waiting";
      case "mix" -> "1 ms of calculation, then 100 ms of waiting";
      default -> workload;
    };
  }

  /** The ranking for waiting or, if that was not measured, for the first kind of work. */
  private static String answer(ConcurrencyResults results) {
    List<String> workloads = workloads(results);
    if (workloads.isEmpty()) {
      return "Nothing was measured.";
    }
    String workload = workloads.contains("wait") ? "wait" : workloads.getFirst();
    return "With " + title(workload) + ", " + NumberFormats.enumerated(ranking(results, workload))
        + " requests per second.";
  }

  private static List<String> details(ConcurrencyResults results) {
    List<String> details = new ArrayList<>();
    for (String workload : workloads(results)) {
      if (!workload.equals("wait")) {
        details.add("With " + title(workload) + ", " + NumberFormats.enumerated(ranking(results, workload)) + ".");
      }
    }
    List<String> broken = results.claims().stream().filter(claim -> claim.standing() == ClaimStatus.BROKEN)
        .map(Claim::claim).toList();
    details.add(broken.isEmpty()
        ? "Every measured claim holds on this machine, or the figures explain why it cannot."
        : "These claims do not hold on this machine: " + String.join("; ", broken) + '.');
    return details;
  }

  private static List<String> ranking(ConcurrencyResults results, String workload) {
    return of(results, workload).stream()
        .sorted(Comparator
            .comparingDouble((Series series) -> -series.highestSustained().map(RateStep::offeredPerSecond).orElse(0.0)))
        .map(series -> series.model() + " sustained "
            + series.highestSustained().map(step -> NumberFormats.number(step.offeredPerSecond())).orElse("none"))
        .toList();
  }

  private static Row row(Series series) {
    Optional<RateStep> highest = series.highestSustained();
    RateStep overload = series.past();
    Double ofBest = series.pastPercentOfBest();
    List<Cell> cells = List.of(
        new Cell("Highest sustained rate, 1/s",
            highest.map(step -> NumberFormats.number(step.offeredPerSecond())).orElse("none")),
        new Cell("p99 at that rate, ms", NumberFormats.number(highest.map(RateStep::p99Millis).orElse(null))),
        new Cell("Threads", highest.map(RateStep::threads).map(NumberFormats::count).orElse(NumberFormats.NONE)),
        new Cell("Memory, MiB",
            NumberFormats.number(highest.map(RateStep::residentBytes).map(bytes -> bytes / 1048576.0).orElse(null))),
        new Cell("CPUs used", NumberFormats.number(highest.map(RateStep::serviceProcessors).orElse(null))),
        new Cell("Good answers at overload, 1/s",
            NumberFormats.number(overload == null ? null : overload.throughput())),
        new Cell("of best", ofBest == null ? NumberFormats.NONE : NumberFormats.number(ofBest) + " %"),
        new Cell("Rejected (503)",
            overload == null ? NumberFormats.NONE : NumberFormats.percent(overload.refused(), overload.requests())),
        new Cell("p99 of 503, ms", NumberFormats.number(overload == null ? null : overload.refusalP99Millis())),
        new Cell("Failed",
            overload == null ? NumberFormats.NONE : NumberFormats.percent(overload.failed(), overload.requests())));
    return new Row(series.model(), ConcurrencyProfile.of(series.model()).hue(), cells);
  }

  private static Stream<StepRow> steps(Series series) {
    Stream<RateStep> past = Stream.ofNullable(series.past());
    return Stream.concat(series.rungs().stream(), past)
        .map(step -> new StepRow(series.model() + (step.equals(series.past()) ? ", at overload" : ""),
            NumberFormats.number(step.offeredPerSecond()), NumberFormats.number(step.goodPerSecond()),
            NumberFormats.number(step.p50Millis()), NumberFormats.number(step.p99Millis()),
            NumberFormats.count(step.refused()), NumberFormats.count(step.failed())));
  }

  private static Chart curves(String id, List<Series> series, double limit) {
    List<Curve> curves = series.stream().map(result -> {
      ConcurrencyProfile profile = ConcurrencyProfile.of(result.model());
      return new Curve(result.model(), profile.hue(), profile.dashed(),
          result.rungs().stream().map(step -> new Point(step.offeredPerSecond(), step.p99Millis())).toList());
    }).toList();
    List<Point> points = curves.stream().flatMap(curve -> curve.points().stream()).toList();
    return new Curves(id, "ms", Charts.logarithmic(points.stream().map(Point::rate)),
        Charts.logarithmic(Stream.<@Nullable Double>concat(points.stream().map(Point::value), Stream.of(limit))), limit,
        "limit", curves);
  }

  private static String status(Claim claim) {
    return switch (claim.standing()) {
      case HOLDS -> "Holds";
      case EXPLAINED -> "Beyond this machine's capacity";
      case UNDECIDED -> "Measured too briefly";
      case BROKEN -> "Does not hold";
      case UNMEASURED -> "Not measured";
    };
  }

  private static ComposedRow composed(Composed composed) {
    return new ComposedRow(composed.service(), composed.composition(), NumberFormats.duration(composed.millis()),
        NumberFormats.number(composed.millis() / composed.oneCallMillis()));
  }

  private static Advice advice(String model) {
    ConcurrencyProfile profile = ConcurrencyProfile.of(model);
    return new Advice(model, profile.hue(), profile.request(), profile.goodFor(), profile.limitedBy());
  }

  private static List<Fact> facts(ConcurrencyResults results) {
    Machine machine = results.machine();
    return List.of(new Fact("Machine", machine.summary(cpuDivision(results.processors()))),
        new Fact("Java", machine.java() + ", -Xmx256m, serial collector"),
        new Fact("Connections", NumberFormats.count(results.clients()) + " at most, for every model"));
  }

  private static String cpuDivision(@Nullable Processors processors) {
    Integer service = processors == null ? null : processors.service();
    Integer load = processors == null ? null : processors.load();
    return service == null || load == null
        ? " shared by service and load generator"
        : " (" + NumberFormats.word(service) + " for the service, " + NumberFormats.word(load)
            + " for the load generator)";
  }

  private static List<Fact> terms(ConcurrencyResults results) {
    return List.of(
        new Fact("Sustained rate",
            "99 of 100 requests that were due were answered with 200 within "
                + NumberFormats.duration(results.limitMillis()) + ". A rejected or failed request counts as late."),
        new Fact("Latency",
            "Counts from when the request was due, so that time in a queue is included (no coordinated omission)."),
        new Fact("Overload", "Twice the highest sustained rate, offered independent of answers."),
        new Fact("Failed", "No answer within 2 s, a broken connection, or no free connection."),
        new Fact("p99 of 503", "The time from sending a request to its rejection with 503."),
        new Fact("Threads, memory",
            "The maximum at the highest sustained rate: threads of the operating system and resident"
                + " memory. A grown heap seldom shrinks, so memory includes what earlier rates needed."));
  }
}
