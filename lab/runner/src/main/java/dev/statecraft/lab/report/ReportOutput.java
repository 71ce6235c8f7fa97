package dev.statecraft.lab.report;

import dev.statecraft.lab.console.ReportOpener;
import dev.statecraft.lab.experiment.strategies.report.StrategyTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What a command has measured, for whoever sits before the console.
 *
 * @param report the file with all of the figures
 */
public record ReportOutput(ExperimentResults results, Path report) {
  /** Keeps the figures in a directory, and draws their page beside them. */
  public static ReportOutput write(Path directory, ExperimentResults results) throws IOException {
    Path report = directory.resolve(HtmlReport.NAME);
    ResultsFile.write(directory.resolve(ResultsFile.NAME), results);
    HtmlReport.write(report, results);
    return new ReportOutput(results, report);
  }

  public void show(PrintWriter output, boolean open) {
    output.println();
    output.print(results.table(StrategyTable.colourWanted()));
    output.println();
    output.println("Report  " + report);
    output.println("Again   " + results.command());
    output.flush();
    if (open) {
      ReportOpener.open(report);
    }
  }
}
