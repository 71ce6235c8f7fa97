package dev.statecraft.lab.report;

import dev.statecraft.lab.report.BalancingResults.Run;
import dev.statecraft.lab.report.BalancingResults.Setup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Draws a comparison of balancing rules: as a page that loads nothing, and as a table for a terminal. */
public final class BalancingReport {
  /** The name within a directory of results. */
  public static final String NAME = HtmlReport.NAME;

  private BalancingReport() {}

  /** Writes the page, in UTF-8. */
  public static void write(Path file, BalancingResults results) throws IOException {
    Files.writeString(file, render(results));
  }

  static String render(BalancingResults results) {
    BalancingPage page = BalancingPage.of(results);
    return new WebPage("balancing.mustache", "Statecraft: which node should serve the next request?", page,
        page.charts()).render();
  }

  /** The table and the answer in words, at most 120 columns wide, ended by a line break. */
  public static String table(BalancingResults results) {
    Setup setup = results.setup();
    StringBuilder text = new StringBuilder();
    row(text, List.of("", "Slow node", "", "", "Good", "", "One killed, one added:", "", "", ""));
    row(text,
        List.of("Rule", "of 100", "p50 ms", "p99 ms", "answers/s", "Errors", "p99 ms", "Errors", "ejected", "admitted",
            "retries"));
    text.append("-".repeat(114)).append('\n');
    for (Run run : results.runs()) {
      row(text, BalancingPage.row(run, setup).figures());
    }
    BalancingPage page = BalancingPage.of(results);
    text.append('\n').append(page.answer().replace('\u00a0', ' ')).append('\n');
    page.findings().forEach(finding -> text.append(finding.replace('\u00a0', ' ')).append('\n'));
    return text.toString();
  }

  private static void row(StringBuilder text, List<String> cells) {
    int[] widths = {22, 9, 8, 8, 11, 8, 9, 8, 10, 10, 9};
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      line.append(String.format(Locale.ROOT, i == 0 ? "%-" + widths[i] + "s" : "%" + widths[i] + "s",
          cells.get(i).replace('\u00a0', ' ')));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
