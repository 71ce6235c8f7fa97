package dev.statecraft.lab.command;

import dev.statecraft.lab.report.Comparison;
import dev.statecraft.lab.report.ConsoleTable;
import dev.statecraft.lab.report.HtmlReport;
import dev.statecraft.lab.report.ResultsFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What a command has measured, for whoever sits before the console.
 *
 * @param report the file with all of the figures
 */
record ReportOutput(Comparison results, Path report) {
  /** Keeps the figures in a directory, and draws their page beside them. */
  static ReportOutput write(Path directory, Comparison results) throws IOException {
    Path report = directory.resolve(HtmlReport.NAME);
    ResultsFile.write(directory.resolve(ResultsFile.NAME), results);
    HtmlReport.write(report, results);
    return new ReportOutput(results, report);
  }

  void show(PrintWriter output, boolean open) {
    output.println();
    output.print(results.table(ConsoleTable.colourWanted()));
    output.println();
    output.println("Report  " + report);
    output.println("Again   " + results.command());
    output.flush();
    if (open) {
      Browser.open(report);
    }
  }
}
