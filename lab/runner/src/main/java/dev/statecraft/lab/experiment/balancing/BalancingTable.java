package dev.statecraft.lab.experiment.balancing;

import dev.statecraft.lab.console.TerminalText;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Run;
import dev.statecraft.lab.experiment.balancing.BalancingResults.Setup;
import java.util.List;
import java.util.Locale;

/** Renders the results of {@code compare balancing} for a terminal. */
final class BalancingTable {
  private BalancingTable() {}

  /** The table, at most 120 columns wide, and the findings, ending with a line break. */
  static String render(BalancingResults results) {
    Setup setup = results.setup();
    StringBuilder text = new StringBuilder();
    row(text, List.of("", "Slow node", "", "", "Good", "", "One killed, one added:", "", "", ""));
    row(text, List.of("Rule", "of 100", "p50 ms", "p99 ms", "answers/s", "Errors", "p99 ms", "Errors", "ejected",
        "admitted", "retries"));
    text.append("-".repeat(114)).append('\n');
    for (Run run : results.runs()) {
      row(text, BalancingPage.row(run, setup).figures());
    }
    greyRows(text, results.runs());
    BalancingPage page = BalancingPage.of(results);
    text.append('\n').append(TerminalText.printable(page.answer())).append('\n');
    page.findings().forEach(finding -> text.append(TerminalText.printable(finding)).append('\n'));
    return text.toString();
  }

  private static void greyRows(StringBuilder text, List<Run> runs) {
    if (runs.stream().allMatch(run -> run.grey().isEmpty())) {
      return;
    }
    int[] widths = {22, 10, 9, 10, 10, 13, 11, 15};
    text.append('\n');
    row(text, widths, List.of("One node fails, is", "", "", "", "", "Good", "Attempts", "Failing node"));
    row(text, widths,
        List.of("ready. Rule", "Failure", "Errors", "p50 ms", "p99 ms", "answers/s", "of 100", "ejected"));
    text.append("-".repeat(100)).append('\n');
    for (Run run : runs) {
      run.grey().forEach(grey -> row(text, widths, BalancingPage.figures(run, grey)));
    }
  }

  private static void row(StringBuilder text, List<String> cells) {
    row(text, new int[]{22, 9, 8, 8, 11, 8, 9, 8, 10, 10, 9}, cells);
  }

  private static void row(StringBuilder text, int[] widths, List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(String.format(Locale.ROOT, i == 0 ? "%-" + widths[i] + "s" : "%" + widths[i] + "s",
          TerminalText.printable(cells.get(i))));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
