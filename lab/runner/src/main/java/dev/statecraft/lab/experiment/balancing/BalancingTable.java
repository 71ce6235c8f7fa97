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
    BalancingPage page = BalancingPage.of(results);
    text.append('\n').append(TerminalText.printable(page.answer())).append('\n');
    page.findings().forEach(finding -> text.append(TerminalText.printable(finding)).append('\n'));
    return text.toString();
  }

  private static void row(StringBuilder text, List<String> cells) {
    int[] widths = {22, 9, 8, 8, 11, 8, 9, 8, 10, 10, 9};
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(String.format(Locale.ROOT, i == 0 ? "%-" + widths[i] + "s" : "%" + widths[i] + "s",
          TerminalText.printable(cells.get(i))));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
