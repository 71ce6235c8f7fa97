package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.experiment.balancing.BalancingResults.Changing;
import dev.statecraft.lab.environment.local.GreyFault;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Grey;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Run;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Setup;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Steady;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.report.Chart;
import dev.statecraft.lab.report.Charts;
import dev.statecraft.lab.report.Fact;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The data of {@code balancing.mustache}, formatted as text. */
record BalancingPage(String startedAt, String started, String answer, List<String> findings, List<Row> rows,
    List<GreyRow> greyRows, boolean grey, List<Chart> charts, List<Rule> rules, List<Fact> facts, String command) {

  /** A rule avoids the slow node if it sends it at most this part of a fair share. */
  private static final double MAX_AVOIDED_SHARE = 0.2;

  /** A row of the table; {@code shares} are drawn as a bar. */
  record Row(String name, String hue, List<Part> shares, String slow, boolean avoidsSlowNode, List<Cell> cells,
      List<String> figures) {}

  /** A part of a bar. */
  record Part(String node, String percent, boolean slow) {}

  /** A figure and its heading, which narrow screens show beside it. */
  record Cell(String heading, String text) {}

  /** A row of the table of grey failures. */
  record GreyRow(String name, String hue, String fault, List<Cell> cells) {}

  record Rule(String name, String hue, String does, String good, String anomaly) {}

  static BalancingPage of(BalancingResults results) {
    Setup setup = results.setup();
    List<Run> runs = results.runs();
    return new BalancingPage(results.startedAt().toString(), NumberFormats.time(results.startedAt()),
        answer(runs, setup), findings(runs, setup), runs.stream().map(run -> row(run, setup)).toList(),
        greyRows(runs), !greyRows(runs).isEmpty(),
        runs.isEmpty() ? List.of() : charts(runs), runs.stream().map(run -> rule(run.rule())).toList(), facts(results),
        results.command());
  }

  static Row row(Run run, Setup setup) {
    Steady steady = run.steady();
    Changing changing = run.changing();
    double slow = steady.percent(setup.slowNode());
    List<String> figures = List.of(run.rule(), NumberFormats.number(slow),
        NumberFormats.number(latency(steady.latencyMillis(), Latency::p50)),
        NumberFormats.number(latency(steady.latencyMillis(), Latency::p99)),
        NumberFormats.number(steady.throughputPerSecond()), NumberFormats.percent(steady.errors(), steady.requests()),
        NumberFormats.number(latency(changing.latencyMillis(), Latency::p99)),
        NumberFormats.percent(changing.errors(), changing.requests()),
        changing.ejectedAfterMillis() == null ? "never" : NumberFormats.duration(changing.ejectedAfterMillis()),
        changing.admittedAfterMillis() == null ? "never" : NumberFormats.duration(changing.admittedAfterMillis()),
        NumberFormats.percent(changing.retries(), changing.requests()));
    List<String> headings = List.of("p50, ms", "p99, ms", "Good answers/s", "Errors", "p99 while nodes changed, ms",
        "Errors while nodes changed", "Killed node ejected after", "New node admitted after", "Extra load by retries");
    List<Part> shares = steady.shares().stream().map(share -> new Part(share.node(),
        String.format(Locale.ROOT, "%.2f", share.percent()), share.node().equals(setup.slowNode()))).toList();
    return new Row(run.rule(), rule(run.rule()).hue(), shares, NumberFormats.number(slow) + "\u00a0%",
        avoidsSlowNode(run, setup), cells(headings, figures, 2), figures);
  }

  private static List<GreyRow> greyRows(List<Run> runs) {
    List<String> headings = List.of("Errors", "p50, ms", "p99, ms", "Good answers/s", "Attempts at it",
        "Ejected after");
    List<GreyRow> rows = new ArrayList<>();
    for (Run run : runs) {
      for (Grey grey : run.grey()) {
        List<String> figures = figures(run, grey);
        rows.add(new GreyRow(run.rule(), rule(run.rule()).hue(), figures.get(1), cells(headings, figures, 2)));
      }
    }
    return List.copyOf(rows);
  }

  /** Returns rule, fault, and the figures of one grey failure. */
  static List<String> figures(Run run, Grey grey) {
    return List.of(run.rule(), grey.fault(), NumberFormats.percent(grey.errors(), grey.requests()),
        NumberFormats.number(latency(grey.latencyMillis(), Latency::p50)),
        NumberFormats.number(latency(grey.latencyMillis(), Latency::p99)),
        NumberFormats.number(grey.throughputPerSecond()), NumberFormats.number(grey.attemptsPercent()) + "\u00a0%",
        grey.ejectedAfterMillis() == null ? "never" : NumberFormats.duration(grey.ejectedAfterMillis()));
  }

  private static List<Cell> cells(List<String> headings, List<String> figures, int first) {
    List<Cell> cells = new ArrayList<>();
    for (int i = 0; i < headings.size(); i++) {
      cells.add(new Cell(headings.get(i), figures.get(i + first)));
    }
    return List.copyOf(cells);
  }

  private static boolean avoidsSlowNode(Run run, Setup setup) {
    return run.steady().percent(setup.slowNode()) <= setup.fairPercent() * MAX_AVOIDED_SHARE;
  }

  private static @Nullable Double latency(@Nullable Latency latency,
      java.util.function.ToDoubleFunction<Latency> percentile) {
    return latency == null ? null : (Double) percentile.applyAsDouble(latency);
  }

  private static String answer(List<Run> runs, Setup setup) {
    record Named(String rule, double p99) {}
    List<Named> known = new ArrayList<>();
    for (Run run : runs) {
      Double p99 = latency(run.steady().latencyMillis(), Latency::p99);
      if (p99 != null) {
        known.add(new Named(run.rule(), p99));
      }
    }
    if (known.isEmpty()) {
      return "No rule had a good answer.";
    }
    Named best = known.stream().min(Comparator.comparingDouble(Named::p99)).orElseThrow();
    Named worst = known.stream().max(Comparator.comparingDouble(Named::p99)).orElseThrow();
    String with = "With one of " + NumberFormats.word(setup.nodes()) + " nodes " + setup.slowdown() + " times slower, ";
    return known.size() == 1
        ? with + "99 of 100 answers came within " + NumberFormats.duration(best.p99()) + " with " + best.rule() + '.'
        : with + "99 of 100 answers came within " + NumberFormats.duration(best.p99()) + " with " + best.rule()
            + ", and within " + NumberFormats.duration(worst.p99()) + " with " + worst.rule() + '.';
  }

  private static List<String> findings(List<Run> runs, Setup setup) {
    List<String> findings = new ArrayList<>();
    List<String> avoiding = runs.stream().filter(run -> avoidsSlowNode(run, setup)).map(Run::rule).toList();
    findings.add("A fair share is " + NumberFormats.number(setup.fairPercent()) + "\u00a0% of the requests. "
        + (avoiding.isEmpty()
            ? "No rule sent the slow node less than a fifth of it."
            : NumberFormats.capitalised(NumberFormats.enumerated(avoiding))
                + " sent the slow node less than a fifth of it."));
    long errors = runs.stream().mapToLong(run -> run.changing().errors()).sum();
    findings.add("Under load, one node was killed and another was added: " + (errors == 0
        ? "no request failed with any rule."
        : NumberFormats.count(errors) + " requests failed, with "
            + NumberFormats.enumerated(runs.stream().filter(run -> run.changing().errors() > 0).map(Run::rule).toList())
            + '.'));
    runs.stream().map(run -> run.changing().ejectedAfterMillis()).filter(value -> value != null)
        .max(Comparator.naturalOrder()).ifPresent(slowest -> findings
            .add("The gateway ejected the killed node within " + NumberFormats.duration(slowest) + "."));
    runs.stream().map(run -> run.changing().admittedAfterMillis()).filter(value -> value != null)
        .max(Comparator.naturalOrder()).ifPresent(slowest -> findings
            .add("The new node served its first request within " + NumberFormats.duration(slowest) + "."));
    findings.addAll(greyFindings(runs));
    return List.copyOf(findings);
  }

  private static List<String> greyFindings(List<Run> runs) {
    List<String> findings = new ArrayList<>();
    for (GreyFault fault : GreyFault.values()) {
      List<Grey> measured = runs.stream().flatMap(run -> run.grey().stream())
          .filter(grey -> grey.fault().equals(fault.label())).toList();
      if (!measured.isEmpty()) {
        Grey worst = measured.stream().max(Comparator.comparingDouble(BalancingPage::errorShare)).orElseThrow();
        long ejected = measured.stream().filter(grey -> grey.ejectedAfterMillis() != null).count();
        String failed = worst.errors() == 0
            ? "no request failed"
            : "at most " + NumberFormats.percent(worst.errors(), worst.requests()) + " of requests failed";
        findings.add("One node " + fault.description() + ": " + failed + "; ejected with " + ejected
            + " of " + measured.size() + (measured.size() == 1 ? " rule." : " rules."));
      }
    }
    return findings;
  }

  private static double errorShare(Grey grey) {
    return grey.requests() == 0 ? 0 : (double) grey.errors() / grey.requests();
  }

  private static List<Chart> charts(List<Run> runs) {
    return List
        .of(Charts
            .dots(
                "latency", List.of("p50", "p99", "p99.9"), "no good answer", runs.stream()
                    .map(run -> latencies(run, run.steady().latencyMillis())).toList()),
            Charts.dots("changes", List.of("killed node ejected", "new node admitted"), "never",
                runs.stream().map(run -> Charts.row(run.rule(), rule(run.rule()).hue(),
                    run.changing().ejectedAfterMillis(), run.changing().admittedAfterMillis())).toList()));
  }

  private static Chart.Row latencies(Run run, @Nullable Latency latency) {
    return Charts.row(run.rule(), rule(run.rule()).hue(), latency(latency, Latency::p50),
        latency(latency, Latency::p99), latency(latency, Latency::p999));
  }

  private static List<Fact> facts(BalancingResults results) {
    Setup setup = results.setup();
    Machine machine = results.machine();
    return List.of(new Fact("Machine", machine.summary("")), new Fact("Java", machine.java()),
        new Fact("Nodes",
            setup.nodes() + "; " + setup.slowNode() + " takes " + setup.slowdown()
                + " times as long for the same work"),
        new Fact("Work", "waits for " + setup.workMillis() + " ms on a normal node; concurrency is not limited"),
        new Fact("Offered rate",
            NumberFormats.number(setup.offeredPerSecond()) + " requests per second, independent of answers"),
        new Fact("Duration", NumberFormats.number(setup.steadySeconds()) + " s with unchanged nodes, then "
            + NumberFormats.number(setup.changingSeconds()) + " s in which one node is killed and another is added"),
        new Fact("Seed", Long.toString(results.seed())));
  }

  private static Rule rule(String name) {
    return switch (name) {
      case "round-robin" -> new Rule(name, "static", "each node in turn", "nodes and requests are similar",
          "a slow node gets as many requests as the others");
      case "weighted" -> new Rule(name, "static", "each node in turn, in proportion to its weight",
          "the capacity of each node is known and does not change",
          "a node that becomes slow gets as many requests as before");
      case "least-connections" -> new Rule(name, "dynamic", "the node with the fewest requests in flight",
          "requests differ much in duration", "a node that answers errors quickly looks idle until it is ejected");
      case "fair" -> new Rule(name, "dynamic", "the node with the lowest peak EWMA latency times requests in flight",
          "nodes differ in speed or change it", "one slow answer keeps requests away from a node for some seconds");
      case "power-of-two-choices" -> new Rule(name, "dynamic", "the better of two nodes drawn at random",
          "many gateways balance the same nodes, because it avoids herd behaviour",
          "sometimes both nodes that are drawn are slow");
      case "ip-hash" ->
        new Rule(name, "hash", "by the client's address", "a client without cookies should reach the same node",
            "all clients behind one address reach one node; node speed is ignored");
      case "url-hash" -> new Rule(name, "hash", "by path and query", "each node caches what it serves",
          "a popular page overloads one node; node speed is ignored");
      case "rendezvous" -> new Rule(name, "hash", "by a configurable key of the request",
          "few keys may move when nodes are added or removed", "a busy key overloads one node; node speed is ignored");
      default -> new Rule(name, "other", "", "", "");
    };
  }
}
