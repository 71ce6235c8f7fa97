package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.Rounds.CpuMicros;
import dev.statecraft.lab.experiment.strategies.report.Rounds.Spread;
import dev.statecraft.lab.report.NumberFormats;
import dev.statecraft.lab.strategy.StrategyProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the rounds without faults.
 *
 * @param described how the rounds were measured
 * @param differences for each figure, which strategies do not differ
 */
record RoundsTable(String described, List<String> differences, List<Row> rows) {
  /** The figures of one run. */
  record Row(String name, String hue, List<Cell> cells) {}

  /** A figure with its heading, for narrow screens; {@code median} is the value in {@code results.json}. */
  record Cell(String heading, @Nullable String median, String text, String range) {}

  /** The table; null if no run had rounds. */
  static @Nullable RoundsTable of(List<NamedRun> runs) {
    List<NamedRun> measured = runs.stream().filter(named -> named.run().rounds() != null).toList();
    return measured.isEmpty()
        ? null
        : new RoundsTable(described(measured), RepeatedFigure.sentences(runs),
            measured.stream().map(RoundsTable::row).toList());
  }

  private static Row row(NamedRun named) {
    List<Cell> cells = new ArrayList<>();
    for (RepeatedFigure figure : RepeatedFigure.values()) {
      cells.add(cell(figure.heading(), figure.of(named)));
    }
    Rounds rounds = Objects.requireNonNull(named.run().rounds());
    cells.add(cell("of the gateway, us", share(rounds, CpuMicros::gateway)));
    cells.add(cell("of the nodes, us", share(rounds, CpuMicros::nodes)));
    cells.add(cell("of the store, us", share(rounds, CpuMicros::store)));
    return new Row(named.name(), StrategyProfile.of(named.run().strategy()).hue(), cells);
  }

  private static @Nullable Spread share(Rounds rounds, ToDoubleFunction<CpuMicros> share) {
    return Spread.of(rounds.each(),
        round -> round.cpuMicros() == null ? null : (Double) share.applyAsDouble(round.cpuMicros()));
  }

  private static Cell cell(String heading, @Nullable Spread spread) {
    return spread == null
        ? new Cell(heading, null, "\u2013", "")
        : new Cell(heading, Double.toString(spread.median()), NumberFormats.number(spread.median()),
            NumberFormats.number(spread.min()) + " to " + NumberFormats.number(spread.max()));
  }

  /** How the rounds of these runs were measured, in a sentence. */
  static String described(List<NamedRun> runs) {
    List<Rounds> all = runs.stream().map(named -> named.run().rounds()).filter(Objects::nonNull).toList();
    String number = all.stream().map(rounds -> rounds.each().size() + (rounds.each().size() == 1
        ? " round of "
        : " rounds of ") + NumberFormats.number(rounds.seconds()) + " s").distinct().collect(Collectors.joining(", "));
    TreeSet<String> reasons = all.stream().map(Rounds::notInterleaved).filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
    return "Median (lowest to highest) of " + number + " without faults" + (!reasons.isEmpty()
        ? ", one strategy after the other, because " + String.join("; ", reasons) + "."
        : all.size() > 1 ? ", the strategies in turn." : ".");
  }
}
