package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.console.TerminalText;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Claim;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.report.NumberFormats;
import java.util.Locale;

/** Renders the results of {@code compare concurrency} for a terminal, in ASCII. */
public final class ConcurrencyTable {
  private ConcurrencyTable() {}

  /** Summarizes one model with one kind of work. */
  public static String summary(Series series) {
    return series.highestSustained()
        .map(step -> "sustained " + NumberFormats.number(step.offeredPerSecond()) + " requests per second, p99 "
            + NumberFormats.number(step.p99Millis()) + " ms")
        .orElse("sustained no rate") + (series.survived() ? "" : ", and the process terminated");
  }

  /** The tables and the claims, ending with a line break. */
  static String render(ConcurrencyResults results) {
    StringBuilder text = new StringBuilder();
    for (String workload : results.series().stream().map(Series::workload).distinct().toList()) {
      text.append(TerminalText.printable(ConcurrencyPage.title(workload))).append('\n');
      text.append(line("", "sustained", "p99", "", "memory", "overload:", "of", "503", "p99 of"));
      text.append(line("Model", "1/s", "ms", "threads", "MiB", "good/s", "best", "%", "503, ms"));
      results.series().stream().filter(series -> series.workload().equals(workload))
          .forEach(series -> text.append(line(series)));
      text.append('\n');
    }
    for (Claim claim : results.claims()) {
      text.append(
          String.format(Locale.ROOT, "%-10s %s.%n", claim.standing().name(), TerminalText.printable(claim.claim())));
      text.append(String.format(Locale.ROOT, "%-10s %s%n", "", TerminalText.printable(claim.figures())));
    }
    return text.toString();
  }

  private static String line(Series series) {
    RateStep highest = series.highestSustained().orElse(null);
    RateStep overload = series.past();
    Double ofBest = series.pastPercentOfBest();
    Long bytes = highest == null ? null : highest.residentBytes();
    return line(TerminalText.printable(series.model()),
        highest == null ? "none" : NumberFormats.number(highest.offeredPerSecond()),
        NumberFormats.number(highest == null ? null : highest.p99Millis()),
        highest == null || highest.threads() == null ? NumberFormats.NONE : highest.threads().toString(),
        NumberFormats.number(bytes == null ? null : bytes / 1048576.0),
        NumberFormats.number(overload == null ? null : overload.throughput()),
        ofBest == null ? NumberFormats.NONE : Math.round(ofBest) + "%",
        overload == null ? NumberFormats.NONE : NumberFormats.number(100.0 * overload.refused() / overload.requests()),
        NumberFormats.number(overload == null ? null : overload.refusalP99Millis()));
  }

  private static String line(Object... cells) {
    return String.format(Locale.ROOT, "%-20s %10s %9s %8s %9s %12s %8s %9s %8s%n", cells);
  }
}
