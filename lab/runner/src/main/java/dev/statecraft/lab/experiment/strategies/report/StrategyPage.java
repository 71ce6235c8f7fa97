package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.report.Chart;
import dev.statecraft.lab.report.Fact;
import dev.statecraft.lab.report.Machine;
import dev.statecraft.lab.report.NumberFormats;
import dev.statecraft.lab.report.Software;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The data of {@code strategies.mustache}, formatted as text. */
public record StrategyPage(Summary summary, String startedAt, String started, List<DecisionRow> rows, boolean measured,
    boolean faulted, @Nullable RoundsTable rounds, List<Chart> charts, List<Panel> panels, List<Advice> advice,
    VerdictTable verdicts,
    List<CounterexampleGroup> counterexamples, List<Fact> facts, String command, List<Fact> terms) {

  boolean hasCounterexamples() {
    return !counterexamples.isEmpty();
  }

  /** When to choose a strategy, and what it did here. */
  record Advice(String strategy, String hue, String location, String chooseWhen, String notWhen, String anomaly,
      String measured) {}

  static StrategyPage of(StrategyResults results) {
    List<NamedRun> runs = NamedRun.of(results);
    List<Chart> overTime = StrategyCharts.overTime(runs);
    List<DecisionRow> rows = new ArrayList<>();
    List<Panel> panels = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      rows.add(DecisionRow.of(i, runs.get(i)));
      panels.add(Panel.of(overTime.get(i), runs.get(i)));
    }
    boolean faulted = results.runs().stream().anyMatch(run -> !run.faults().isEmpty());
    List<Chart> charts = new ArrayList<>(overTime);
    charts.addAll(StrategyCharts.warmUps(runs, overTime));
    if (!runs.isEmpty()) {
      charts.add(StrategyCharts.latency(runs));
    }
    RoundsTable rounds = RoundsTable.of(runs);
    if (rounds != null) {
      charts.add(StrategyCharts.rounds("rounds-p50", runs, RepeatedFigure.P50));
      charts.add(StrategyCharts.rounds("rounds-p99", runs, RepeatedFigure.P99));
    }
    if (faulted) {
      charts.add(StrategyCharts.recovery(runs));
    }
    return new StrategyPage(Summary.of(runs), results.startedAt().toString(), NumberFormats.time(results.startedAt()),
        rows, !runs.isEmpty(), faulted, rounds, charts, panels, advice(runs), VerdictTable.of(runs),
        CounterexampleGroup.of(runs), facts(results), results.command(), definitions());
  }

  /** One entry per strategy, with the figures of each of its runs. */
  private static List<Advice> advice(List<NamedRun> runs) {
    List<Advice> advice = new ArrayList<>();
    for (String strategy : runs.stream().map(named -> named.run().strategy()).distinct().toList()) {
      StrategyProfile profile = StrategyProfile.of(strategy);
      List<NamedRun> strategyRuns = runs.stream().filter(named -> named.run().strategy().equals(strategy)).toList();
      if (profile.known()) {
        advice.add(new Advice(strategy, profile.hue(), profile.location(), profile.chooseWhen(), profile.notWhen(),
            NumberFormats.capitalised(strategyRuns.getFirst().run().anomaly()),
            String.join(" ", strategyRuns.stream().map(named -> measured(named, strategyRuns.size() > 1)).toList())));
      }
    }
    return List.copyOf(advice);
  }

  private static String measured(NamedRun named, boolean several) {
    Run run = named.run();
    List<String> lost = Summary.lost(run);
    String latency = run.latencyMillis() == null
        ? "no good answer"
        : "p99 of " + NumberFormats.duration(run.latencyMillis().p99());
    return (several ? named.name() + ": " : "") + latency + ", " + NumberFormats.percent(run.errors(), run.requests())
        + " errors, " + (lost.isEmpty() ? "no losses" : "lost " + NumberFormats.enumerated(lost)) + '.';
  }

  private static List<Fact> facts(StrategyResults results) {
    Machine machine = results.machine();
    List<Fact> facts = new ArrayList<>();
    StrategyResults.Cluster cluster = results.cluster();
    if (cluster != null) {
      facts.add(new Fact("Cluster", "Kubernetes " + cluster.kubernetes() + ", release " + cluster.release()
          + " in namespace " + cluster.namespace() + ", through " + cluster.gateway()));
    }
    facts.addAll(List.of(new Fact(cluster == null ? "Machine" : "Machine of the load generator", machine.summary("")),
        new Fact("Java", machine.java())));
    List<Software> software = results.software();
    if (software != null && !software.isEmpty()) {
      facts.add(new Fact("Versions", String.join(", ", software.stream().map(Software::toString).toList())));
    }
    facts.addAll(List.of(
        new Fact("Stateful nodes", each(results, run -> Integer.toString(run.nodes()))),
        new Fact("Sessions", each(results, run -> NumberFormats.count(run.sessions()))),
        new Fact("Offered rate",
            each(results, run -> NumberFormats.number(run.offeredPerSecond())) + " requests per second"),
        new Fact("Duration", each(results, run -> NumberFormats.number(run.durationSeconds())) + " s for each run"),
        new Fact("Seed", Long.toString(results.seed())), new Fact("Histories", each(results, Run::history))));
    return List.copyOf(facts);
  }

  private static String each(StrategyResults results, Function<Run, String> property) {
    return String.join(", ", new TreeSet<>(results.runs().stream().map(property).toList()));
  }

  private static List<Fact> definitions() {
    List<Fact> terms = new ArrayList<>(List.of(
        new Fact("Latency p50, p99, p99.9",
            "The time within which 50, 99 and 99.9 of 100 good answers came. Counts from when the request was due, so"
                + " that time in a queue is included (no coordinated omission)."),
        new Fact("Good answer", "An answer with a 2xx status."),
        new Fact("Error", "Any other answer, or no answer before the client's timeout."),
        new Fact("Unknown",
            "An error after which the client cannot know whether the request took effect, such as a timeout. The"
                + " checker accepts both possibilities."),
        new Fact("Routing recovered",
            "From the fault to the first good answer to a user of its target; of several faults, the slowest."),
        new Fact("State recovered",
            "From the fault to the first read of a complete cart in a session of its target; of several faults, the"
                + " slowest."),
        new Fact("Users disturbed",
            "From the fault to the last answer to any user that failed or came more than 500 ms after the request was"
                + " due; over after 5 s without one. Median and worst of all faults of the run."),
        new Fact("No difference",
            "The ranges of a figure over the rounds overlap: another run may show the opposite order. Ranges that do"
                + " not overlap are called different; with three rounds each, chance alone separates two equal"
                + " strategies in one of ten comparisons of two."),
        new Fact("CPU/request",
            "CPU time of gateway, nodes and their store (user and system), divided by the requests of the round."
                + " Includes what runs without requests, such as heartbeats; excludes the client."),
        new Fact("Warm-up",
            "Eight users send without pause before measuring begins, until the throughput of five seconds is no more"
                + " than 5 % above that of the five before and the JIT compilers use at most 0.2 CPUs, or until the"
                + " bound. A pod that was killed comes back as cold as the cluster was at the start of this curve."),
        new Fact("Never", "Not before the run ended."), new Fact("Guarantee kept",
            "Every observed anomaly is one that the strategy documents. A documented loss is still a loss.")));
    AnomalyCount.all().stream().forEach(anomaly -> terms.add(new Fact(anomaly.title(), anomaly.definition())));
    return List.copyOf(terms);
  }
}
