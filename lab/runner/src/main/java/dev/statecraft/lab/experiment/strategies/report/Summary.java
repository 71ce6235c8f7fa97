package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.NotRun;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A summary of the results in sentences; the answer is what each strategy lost. */
record Summary(String answer, List<String> details) {
  /** With more runs than this, a sentence gives a range instead of a figure per run. */
  private static final int MAX_RUNS_NAMED = 4;

  /** A higher median latency means that requests queued because the offered rate was too high. */
  private static final double OVERLOAD_MEDIAN_MILLIS = 1000;

  /** With more runs with losses than this, a sentence gives their sum. */
  private static final int MAX_LOSSES_NAMED = 2;

  static Summary of(List<NamedRun> runs) {
    if (runs.isEmpty()) {
      return new Summary("Nothing was measured.", List.of());
    }
    List<String> details = new ArrayList<>();
    details.add(faults(runs));
    addIfPresent(details, notRun(runs));
    List<NamedRun> answered = runs.stream().filter(named -> !named.unanswered() || !named.run().guaranteeKept())
        .toList();
    if (!answered.isEmpty()) {
      details.add(guarantee(answered));
    }
    details.addAll(documentedLosses(runs));
    addIfPresent(details, latency(runs));
    addIfPresent(details, overload(runs));
    addIfPresent(details, recovery(runs));
    return new Summary(losses(runs), List.copyOf(details));
  }

  private static void addIfPresent(List<String> details, @Nullable String sentence) {
    if (sentence != null) {
      details.add(sentence);
    }
  }

  private static String losses(List<NamedRun> runs) {
    List<NamedRun> withLosses = runs.stream().filter(named -> !lost(named.run()).isEmpty()).toList();
    List<NamedRun> unanswered = runs.stream().filter(NamedRun::unanswered).filter(named -> !withLosses.contains(named))
        .toList();
    List<NamedRun> withoutLosses = runs.stream()
        .filter(named -> !withLosses.contains(named) && !unanswered.contains(named)).toList();
    List<String> parts = new ArrayList<>();
    if (!withoutLosses.isEmpty()) {
      parts.add(withoutLosses(withoutLosses, runs.size()));
    }
    if (withLosses.size() > MAX_LOSSES_NAMED) {
      parts.add(NumberFormats.word(withLosses.size()) + " lost "
          + NumberFormats
              .enumerated(lost(withLosses.stream().mapToLong(named -> named.run().verdict().lostSessions()).sum(),
                  withLosses.stream().mapToLong(named -> named.run().verdict().lostItems()).sum(),
                  withLosses.stream().mapToLong(named -> named.run().verdict().lostAcknowledgedWrites()).sum()))
          + " in total: " + NumberFormats.enumerated(names(withLosses))
          + (withLosses.stream().map(NamedRun::run).allMatch(Summary::documentsLosses) ? ", as documented" : ""));
    } else {
      withLosses.forEach(named -> parts.add(named.name() + " lost " + NumberFormats.enumerated(lost(named.run()))
          + (documentsLosses(named.run()) ? ", as documented" : "")));
    }
    if (!unanswered.isEmpty()) {
      parts.add(NumberFormats.enumerated(names(unanswered)) + " gave no good answer, so that losses are unknown");
    }
    return NumberFormats.capitalised(String.join("; ", parts)) + '.';
  }

  /** The documented anomalies of the strategies that had losses. */
  private static List<String> documentedLosses(List<NamedRun> runs) {
    return runs.stream().map(NamedRun::run).filter(run -> !lost(run).isEmpty() && documentsLosses(run))
        .map(run -> NumberFormats.capitalised(run.strategy()) + " documents: " + run.anomaly() + '.').distinct()
        .toList();
  }

  /** Whether the strategy documents all losses of the run. */
  private static boolean documentsLosses(Run run) {
    return Stream.of(AnomalyKind.LOST_SESSION, AnomalyKind.LOST_ACKNOWLEDGED_WRITE).map(AnomalyCount::of)
        .allMatch(anomaly -> anomaly.count(run) == 0 || anomaly.allowed(run));
  }

  private static String withoutLosses(List<NamedRun> withoutLosses, int all) {
    if (withoutLosses.size() == all && all > 1) {
      return (all == 2 ? "neither" : "none") + " of the " + NumberFormats.word(all)
          + " lost a session or an acknowledged write";
    }
    return (withoutLosses.size() <= MAX_RUNS_NAMED
        ? NumberFormats.enumerated(names(withoutLosses))
        : NumberFormats.word(withoutLosses.size()) + " of the " + NumberFormats.word(all) + " runs") + " lost nothing";
  }

  /** The losses of a run, such as "34 sessions (57 items in their carts)"; empty without losses. */
  static List<String> lost(Run run) {
    return lost(run.verdict().lostSessions(), run.verdict().lostItems(), run.verdict().lostAcknowledgedWrites());
  }

  private static List<String> lost(long sessions, long items, long writes) {
    List<String> lost = new ArrayList<>();
    if (sessions > 0) {
      lost.add(plural(sessions, "session", "sessions") + (items > 0
          ? " (" + plural(items, "item", "items") + (sessions == 1 ? " in its cart)" : " in their carts)")
          : ""));
    }
    if (writes > 0) {
      lost.add(plural(writes, "acknowledged write", "acknowledged writes"));
    }
    return lost;
  }

  private static String plural(long count, String singular, String plural) {
    return NumberFormats.count(count) + ' ' + (count == 1 ? singular : plural);
  }

  private static String faults(List<NamedRun> runs) {
    Set<List<String>> schedules = runs.stream()
        .map(named -> named.run().faults().stream().map(FaultResult::kind).toList()).collect(Collectors.toSet());
    if (schedules.equals(Set.of(List.of()))) {
      return "No fault was injected.";
    }
    if (schedules.size() > 1) {
      return "The runs had different faults.";
    }
    List<String> kinds = schedules.iterator().next();
    String where = runs.size() == 1 ? " during the run" : " during each run";
    return kinds.equals(List.of("kill"))
        ? "One node was killed" + where + (allEnded(runs) ? " and restarted." : ".")
        : NumberFormats.capitalised(NumberFormats.word(kinds.size()))
            + (kinds.size() == 1 ? " fault was" : " faults were") + " injected" + where + ": "
            + NumberFormats.enumerated(kinds.stream().distinct().toList()) + '.';
  }

  private static @Nullable String notRun(List<NamedRun> runs) {
    Map<String, List<String>> runsWithout = new LinkedHashMap<>();
    for (NamedRun named : runs) {
      List<NotRun> notRun = named.run().notRun();
      if (notRun != null) {
        notRun.stream().map(NotRun::fault).distinct()
            .forEach(fault -> runsWithout.computeIfAbsent(fault, _ -> new ArrayList<>()).add(named.name()));
      }
    }
    return runsWithout.isEmpty()
        ? null
        : "Not run: " + NumberFormats.enumerated(runsWithout.entrySet().stream()
            .map(entry -> entry.getKey() + (entry.getValue().size() == runs.size()
                ? ""
                : " (with " + NumberFormats.enumerated(entry.getValue()) + ')'))
            .toList()) + '.';
  }

  private static boolean allEnded(List<NamedRun> runs) {
    return runs.stream().flatMap(named -> named.run().faults().stream())
        .allMatch(fault -> fault.endedAtMillis() != null);
  }

  private static String guarantee(List<NamedRun> runs) {
    List<NamedRun> broken = runs.stream().filter(named -> !named.run().guaranteeKept()).toList();
    Set<String> strategies = new HashSet<>();
    runs.forEach(named -> strategies.add(named.run().strategy()));
    if (broken.isEmpty()) {
      return runs.size() == 1
          ? NumberFormats.capitalised(runs.getFirst().name()) + " kept its documented guarantee."
          : "Each of the " + NumberFormats.word(runs.size())
              + (strategies.size() == runs.size() ? " strategies" : " runs") + " kept its documented guarantee.";
    }
    String violations = broken.stream()
        .map(named -> named.name() + " broke its documented guarantee" + breach(named.run()))
        .collect(Collectors.joining("; "));
    return NumberFormats.capitalised(violations) + (broken.size() < runs.size() ? "; the others kept theirs." : ".");
  }

  private static String breach(Run run) {
    List<String> seen = AnomalyCount.seen(run).stream().filter(anomaly -> !anomaly.allowed(run))
        .map(anomaly -> anomaly.counted(run)).toList();
    return seen.isEmpty() ? "" : " (" + NumberFormats.enumerated(seen) + ')';
  }

  private static @Nullable String latency(List<NamedRun> runs) {
    record Measured(String name, double p99) {}
    List<Measured> measured = new ArrayList<>();
    for (NamedRun named : runs) {
      Latency latency = named.run().latencyMillis();
      if (latency != null) {
        measured.add(new Measured(named.name(), latency.p99()));
      }
    }
    measured.sort(Comparator.comparingDouble(Measured::p99));
    return switch (measured.size()) {
      case 0 -> null;
      case 1 -> "99 of 100 good answers came within " + NumberFormats.duration(measured.getFirst().p99()) + '.';
      default -> "99 of 100 good answers came within " + (measured.size() <= MAX_RUNS_NAMED
          ? NumberFormats.enumerated(
              measured.stream().map(each -> NumberFormats.duration(each.p99()) + " (" + each.name() + ')').toList())
          : NumberFormats.duration(measured.getFirst().p99()) + " (" + measured.getFirst().name() + ") to "
              + NumberFormats.duration(measured.getLast().p99()) + " (" + measured.getLast().name() + ')')
          + '.';
    };
  }

  private static @Nullable String overload(List<NamedRun> runs) {
    List<String> queued = new ArrayList<>();
    for (NamedRun named : runs) {
      Latency latency = named.run().latencyMillis();
      if (latency != null && latency.p50() > OVERLOAD_MEDIAN_MILLIS) {
        queued.add(named.name());
      }
    }
    return queued.isEmpty()
        ? null
        : "The offered rate exceeded the capacity of this machine with " + NumberFormats.enumerated(queued)
            + ": half of the good answers took more than 1 s, so that latency is that of a"
            + " queue, not of the strategy. Repeat with a lower rate.";
  }

  private static @Nullable String recovery(List<NamedRun> runs) {
    record Recovered(String name, double millis) {}
    List<Recovered> recovered = new ArrayList<>();
    List<String> never = new ArrayList<>();
    for (NamedRun named : runs) {
      if (named.run().faults().isEmpty()) {
        continue;
      }
      Double slowest = named.slowest(FaultResult::stateRecoveredMillis);
      if (slowest == null) {
        never.add(named.name());
      } else {
        recovered.add(new Recovered(named.name(), slowest));
      }
    }
    recovered.sort(Comparator.comparingDouble(Recovered::millis));
    if (recovered.isEmpty()) {
      return never.isEmpty() ? null : "In no run did the state of the targets recover from every fault.";
    }
    String times = recovered.size() <= MAX_RUNS_NAMED
        ? NumberFormats.enumerated(
            recovered.stream().map(each -> NumberFormats.duration(each.millis()) + " (" + each.name() + ')').toList())
        : NumberFormats.duration(recovered.getFirst().millis()) + " to "
            + NumberFormats.duration(recovered.getLast().millis());
    return "The state of sessions of the targets recovered after " + times
        + (never.isEmpty() ? "." : "; it did not recover with " + NumberFormats.enumerated(never) + '.');
  }

  private static List<String> names(List<NamedRun> runs) {
    return runs.stream().map(NamedRun::name).toList();
  }
}
