package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.console.TerminalText;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.FaultResult;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.load.Measurement.Latency;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;

/** Renders the decision table for a terminal: ASCII, at most {@value #WIDTH} columns. Colours add no information. */
public final class StrategyTable {
  static final int WIDTH = 120;

  private static final String GAP = "  ";
  private static final int NAME = 0;
  private static final int KEPT = 1;
  private static final int LOST = 2;
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[1;31m";
  private static final String BOLD = "\u001b[1m";
  private static final String RESET = "\u001b[0m";

  private StrategyTable() {}

  /** The table and the summary, ending with a line break. */
  static String render(StrategyResults results, boolean colour) {
    List<NamedRun> runs = NamedRun.of(results);
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "Kept its", "", "p50", "p99", "Good", "", "State", "Users disturbed"));
    rows.add(
        List.of("Strategy", "guarantee", "Lost", "ms", "ms", "answers/s", "Errors", "recovered", "median, worst"));
    runs.forEach(named -> rows.add(cells(named).stream().map(TerminalText::printable).toList()));
    int[] widths = widths(rows);

    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows.size(); row++) {
      if (row == 2) {
        text.append("-".repeat(total(widths))).append('\n');
      }
      boolean kept = row < 2 || runs.get(row - 2).run().guaranteeKept();
      text.append(line(rows.get(row), widths, LOST, row < 2, kept, colour)).append('\n');
    }
    Summary summary = Summary.of(runs);
    text.append(rounds(runs));
    text.append('\n').append(colour ? BOLD : "");
    text.append(wrapped(summary.answer())).append(colour ? RESET : "").append('\n');
    summary.details().forEach(detail -> text.append(wrapped(detail)).append('\n'));
    return text.toString();
  }

  /** The figures of the rounds without faults, and which do not differ; empty without rounds. */
  private static String rounds(List<NamedRun> runs) {
    if (runs.stream().allMatch(named -> named.run().rounds() == null)) {
      return "";
    }
    List<List<String>> rows = new ArrayList<>();
    List<String> headings = new ArrayList<>(List.of("No faults"));
    for (RepeatedFigure figure : RepeatedFigure.values()) {
      headings.add(figure.heading());
    }
    rows.add(headings);
    for (NamedRun named : runs) {
      List<String> cells = new ArrayList<>(List.of(TerminalText.printable(named.name())));
      for (RepeatedFigure figure : RepeatedFigure.values()) {
        cells.add(RepeatedFigure.text(figure.of(named)));
      }
      rows.add(cells);
    }
    int[] widths = widths(rows);
    StringBuilder text = new StringBuilder("\n");
    for (int row = 0; row < rows.size(); row++) {
      text.append(line(rows.get(row), widths, NAME, row == 0, true, false)).append('\n');
      text.append(row == 0 ? "-".repeat(total(widths)) + '\n' : "");
    }
    text.append(wrapped(RoundsTable.described(runs))).append('\n');
    RepeatedFigure.sentences(runs).forEach(sentence -> text.append(wrapped(sentence)).append('\n'));
    return text.toString();
  }

  private static List<String> cells(NamedRun named) {
    Run run = named.run();
    Latency latency = run.latencyMillis();
    List<String> lost = new ArrayList<>();
    if (run.verdict().lostSessions() > 0) {
      lost.add(NumberFormats.count(run.verdict().lostSessions()) + " sessions");
    }
    if (run.verdict().lostAcknowledgedWrites() > 0) {
      lost.add(NumberFormats.count(run.verdict().lostAcknowledgedWrites()) + " writes");
    }
    return List.of(named.name(), run.guaranteeKept() ? "yes" : "NO",
        !lost.isEmpty() ? String.join(", ", lost) : named.unanswered() ? "unknown" : "nothing",
        latency == null ? NumberFormats.NONE : NumberFormats.number(latency.p50()),
        latency == null ? NumberFormats.NONE : NumberFormats.number(latency.p99()),
        NumberFormats.number(run.throughputPerSecond()), NumberFormats.percent(run.errors(), run.requests()),
        named.recovered(FaultResult::stateRecoveredMillis), disturbed(named));
  }

  /** One value if median and worst are the same, as for one fault. */
  private static String disturbed(NamedRun named) {
    Double median = named.medianDisturbance();
    Double worst = named.worstDisturbance();
    if (median == null || worst == null) {
      return NumberFormats.NONE;
    }
    return median.equals(worst)
        ? NumberFormats.duration(worst)
        : NumberFormats.duration(median) + ", " + NumberFormats.duration(worst);
  }

  private static int[] widths(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    // Shorten names, not figures.
    int excess = total(widths) - WIDTH;
    widths[NAME] -= Math.clamp(excess, 0, Math.max(0, widths[NAME] - "Strategy".length()));
    return widths;
  }

  private static int total(int[] widths) {
    int total = GAP.length() * (widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  /** A row whose cells up to {@code lastText} are on the left of their columns, and the figures on the right. */
  private static String line(List<String> cells, int[] widths, int lastText, boolean heading, boolean kept,
      boolean colour) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String cell = cells.get(i);
      String fitted = cell.length() > widths[i] ? cell.substring(0, widths[i] - 1) + '~' : cell;
      String space = " ".repeat(widths[i] - fitted.length());
      String colourCode = !colour ? "" : heading ? BOLD : i != KEPT ? "" : kept ? GREEN : RED;
      line.append(i == 0 ? "" : GAP).append(i <= lastText ? "" : space);
      line.append(colourCode).append(fitted).append(colourCode.isEmpty() ? "" : RESET)
          .append(i <= lastText ? space : "");
    }
    return line.toString().stripTrailing();
  }

  private static String wrapped(String text) {
    StringBuilder wrapped = new StringBuilder();
    int column = 0;
    for (String word : TerminalText.printable(text).split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > WIDTH) {
        wrapped.append('\n');
        column = 0;
      }
      wrapped.append(column == 0 ? "" : " ").append(word);
      column += (column == 0 ? 0 : 1) + word.length();
    }
    return wrapped.toString();
  }
}
