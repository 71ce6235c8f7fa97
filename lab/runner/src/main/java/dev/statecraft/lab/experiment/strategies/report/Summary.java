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

/**
 * The answer in words, each of which the figures bear out.
 *
 * @param answer what was lost, and by which strategy
 * @param details the guarantee, the price, the recovery: one sentence each
 */
record Summary(String answer, List<String> details) {
  /** Beyond this, a sentence gives the span instead of each strategy's figure. */
  private static final int EACH_NAMED = 4;

  /** Half of the answers slower than this: requests waited in a queue that the offered rate outgrew. */
  private static final double QUEUED_MILLIS = 1000;

  /** Beyond this, the losses of several runs are added up. */
  private static final int LOSERS_NAMED = 2;

  static Summary of(List<NamedRun> runs) {
    if (runs.isEmpty()) {
      return new Summary("Nothing was measured.", List.of());
    }
    List<String> details = new ArrayList<>();
    details.add(faults(runs));
    addIfSaid(details, notRun(runs));
    List<NamedRun> answered = runs.stream().filter(named -> !named.silent() || !named.run().guaranteeKept()).toList();
    if (!answered.isEmpty()) {
      details.add(guarantee(answered));
    }
    details.addAll(documentedLosses(runs));
    addIfSaid(details, latency(runs));
    addIfSaid(details, overload(runs));
    addIfSaid(details, recovery(runs));
    return new Summary(losses(runs), List.copyOf(details));
  }

  private static void addIfSaid(List<String> details, @Nullable String sentence) {
    if (sentence != null) {
      details.add(sentence);
    }
  }

  private static String losses(List<NamedRun> runs) {
    List<NamedRun> losers = runs.stream().filter(named -> !lost(named.run()).isEmpty()).toList();
    List<NamedRun> silent = runs.stream().filter(NamedRun::silent).filter(named -> !losers.contains(named)).toList();
    List<NamedRun> harmless = runs.stream().filter(named -> !losers.contains(named) && !silent.contains(named))
        .toList();
    List<String> parts = new ArrayList<>();
    if (!harmless.isEmpty()) {
      parts.add(harmless(harmless, runs.size()));
    }
    if (losers.size() > LOSERS_NAMED) {
      parts.add(NumberFormats.word(losers.size()) + " lost " + NumberFormats.enumerated(lost(
          losers.stream().mapToLong(named -> named.run().verdict().lostSessions()).sum(),
          losers.stream().mapToLong(named -> named.run().verdict().lostItems()).sum(),
          losers.stream().mapToLong(named -> named.run().verdict().lostAcknowledgedWrites()).sum()))
          + " in all: " + NumberFormats.enumerated(names(losers))
          + (losers.stream().map(NamedRun::run).allMatch(Summary::documentsItsLoss) ? ", as they document" : ""));
    } else {
      losers.forEach(named -> parts.add(named.name() + " lost " + NumberFormats.enumerated(lost(named.run()))
          + (documentsItsLoss(named.run()) ? ", as it documents" : "")));
    }
    if (!silent.isEmpty()) {
      parts.add(NumberFormats.enumerated(names(silent)) + " gave no good answer, so nothing is known of what was lost");
    }
    return NumberFormats.capitalised(String.join("; ", parts)) + '.';
  }

  /** What the strategies that lost something document, in their own words, which say in which case. */
  private static List<String> documentedLosses(List<NamedRun> runs) {
    return runs.stream().map(NamedRun::run).filter(run -> !lost(run).isEmpty() && documentsItsLoss(run))
        .map(run -> NumberFormats.capitalised(run.strategy()) + " documents: " + run.anomaly() + '.').distinct()
        .toList();
  }

  /** Whether all that was lost, if anything, is what the strategy documents that it loses by what was done to it. */
  private static boolean documentsItsLoss(Run run) {
    return Stream.of(AnomalyKind.LOST_SESSION, AnomalyKind.LOST_ACKNOWLEDGED_WRITE).map(AnomalyCount::of)
        .allMatch(anomaly -> anomaly.count(run) == 0 || anomaly.allowed(run));
  }

  private static String harmless(List<NamedRun> harmless, int all) {
    if (harmless.size() == all && all > 1) {
      return (all == 2 ? "neither" : "none") + " of the " + NumberFormats.word(all)
          + " lost a session or an acknowledged write";
    }
    return (harmless.size() <= EACH_NAMED
        ? NumberFormats.enumerated(names(harmless))
        : NumberFormats.word(harmless.size()) + " of the " + NumberFormats.word(all) + " runs") + " lost nothing";
  }

  /** What a run lost, such as "34 sessions (57 items in their carts)"; empty where nothing was lost. */
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
      return "The runs met different faults.";
    }
    List<String> kinds = schedules.iterator().next();
    String where = runs.size() == 1 ? " during the run" : " during each run";
    return kinds.equals(List.of("kill"))
        ? "One node was killed" + where + ", without warning" + (startedAgain(runs) ? ", and started again." : ".")
        : NumberFormats.capitalised(NumberFormats.word(kinds.size()))
            + (kinds.size() == 1 ? " fault was" : " faults were")
            + " injected" + where + ": " + NumberFormats.enumerated(kinds.stream().distinct().toList()) + '.';
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
        : "Not run, and so not passed: " + NumberFormats.enumerated(runsWithout.entrySet().stream()
            .map(entry -> entry.getKey() + (entry.getValue().size() == runs.size()
                ? ""
                : " (with " + NumberFormats.enumerated(entry.getValue()) + ')'))
            .toList()) + '.';
  }

  private static boolean startedAgain(List<NamedRun> runs) {
    return runs.stream().flatMap(named -> named.run().faults().stream())
        .allMatch(fault -> fault.endedAtMillis() != null);
  }

  private static String guarantee(List<NamedRun> runs) {
    List<NamedRun> broken = runs.stream().filter(named -> !named.run().guaranteeKept()).toList();
    Set<String> strategies = new HashSet<>();
    runs.forEach(named -> strategies.add(named.run().strategy()));
    if (broken.isEmpty()) {
      return runs.size() == 1
          ? NumberFormats.capitalised(runs.getFirst().name()) + " kept the guarantee that it documents."
          : "Each of the " + NumberFormats.word(runs.size())
              + (strategies.size() == runs.size() ? " strategies" : " runs") + " kept the guarantee that "
              + (strategies.size() == runs.size() ? "it" : "its strategy") + " documents.";
    }
    String breaches = broken.stream()
        .map(named -> named.name() + " broke the guarantee that it documents" + breach(named.run()))
        .collect(Collectors.joining("; "));
    return NumberFormats.capitalised(breaches) + (broken.size() < runs.size() ? "; the rest kept theirs." : ".");
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
      default -> "99 of 100 good answers came within " + (measured.size() <= EACH_NAMED
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
      if (latency != null && latency.p50() > QUEUED_MILLIS) {
        queued.add(named.name());
      }
    }
    return queued.isEmpty()
        ? null
        : "The offered rate was more than this machine could serve with " + NumberFormats.enumerated(queued)
            + ": half of the good answers took more than a second, so that latency tells of a"
            + " queue there, not of a strategy. Measure again at a lower rate.";
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
      return never.isEmpty()
          ? null
          : "No run saw the state of the node that was hit come back, at least not after every fault.";
    }
    String back = recovered.size() <= EACH_NAMED
        ? NumberFormats.enumerated(
            recovered.stream().map(each -> NumberFormats.duration(each.millis()) + " (" + each.name() + ')').toList())
        : NumberFormats.duration(recovered.getFirst().millis()) + " to "
            + NumberFormats.duration(recovered.getLast().millis());
    return "Sessions of the node that was hit had their state back after " + back
        + (never.isEmpty() ? "." : "; not so, within the run, with " + NumberFormats.enumerated(never) + '.');
  }

  private static List<String> names(List<NamedRun> runs) {
    return runs.stream().map(NamedRun::name).toList();
  }
}
