package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.Rounds.Spread;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A figure of the rounds, and for which strategies it shows no difference: their ranges overlap. */
enum RepeatedFigure {
  P50("p50", "ms"),
  P99("p99", "ms"),
  CPU("CPU/request", "us");

  private final String title;
  private final String unit;

  RepeatedFigure(String title, String unit) {
    this.title = title;
    this.unit = unit;
  }

  /** The name and the unit. */
  String heading() {
    return title + ", " + unit;
  }

  @Nullable
  Spread of(NamedRun named) {
    Rounds rounds = named.run().rounds();
    return rounds == null ? null : switch (this) {
      case P50 -> rounds.p50Millis();
      case P99 -> rounds.p99Millis();
      case CPU -> rounds.cpuMicrosPerRequest();
    };
  }

  /** The median and the range, such as "4.37 (4.20 to 4.51)"; a dash without them. */
  static String text(@Nullable Spread spread) {
    return spread == null
        ? NumberFormats.NONE
        : NumberFormats.number(spread.median()) + " (" + NumberFormats.number(spread.min()) + " to "
            + NumberFormats.number(spread.max()) + ")";
  }

  /** A sentence for each figure that two runs have in at least two rounds each. */
  static List<String> sentences(List<NamedRun> runs) {
    List<String> sentences = new ArrayList<>();
    for (RepeatedFigure figure : values()) {
      List<Ranged> all = new ArrayList<>();
      for (NamedRun named : runs) {
        Spread spread = figure.of(named);
        Rounds rounds = named.run().rounds();
        if (spread != null && rounds != null && rounds.each().size() > 1) {
          all.add(new Ranged(named.name(), spread));
        }
      }
      if (all.size() > 1) {
        sentences.add(figure.title + ": " + sentence(overlapping(all)));
      }
    }
    return List.copyOf(sentences);
  }

  private static String sentence(List<List<String>> groups) {
    return groups.isEmpty()
        ? "all differ (no ranges overlap)."
        : groups.stream().map(NumberFormats::enumerated).collect(Collectors.joining("; "))
            + ": no difference (ranges overlap).";
  }

  /** The range of a run. */
  record Ranged(String name, Spread spread) {}

  /**
   * The largest groups of at least two runs whose ranges all overlap. Two runs differ if no group has both. A run may
   * be in several groups, because A may overlap B, and B may overlap C, while A and C differ.
   */
  static List<List<String>> overlapping(List<Ranged> runs) {
    Set<Set<String>> groups = new LinkedHashSet<>();
    for (Ranged lowest : runs) {
      // Ranges that all overlap have a common point: the largest of their lower ends.
      double point = lowest.spread.min();
      groups.add(runs.stream().filter(run -> run.spread.min() <= point && point <= run.spread.max())
          .map(Ranged::name).collect(Collectors.toCollection(LinkedHashSet::new)));
    }
    return groups.stream().filter(group -> group.size() > 1)
        .filter(group -> groups.stream().noneMatch(other -> other.size() > group.size() && other.containsAll(group)))
        .map(List::copyOf).toList();
  }
}
