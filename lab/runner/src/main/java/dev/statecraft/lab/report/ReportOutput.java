package dev.statecraft.lab.report;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.console.OutputDirectory;
import dev.statecraft.lab.console.ReportOpener;
import dev.statecraft.lab.console.TerminalText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * The results of a command and their HTML page. For fresh results, the command that repeats the measurement is shown.
 */
public record ReportOutput(ExperimentResults results, Path report, boolean fresh) {
  /** Results that were just measured, with their page already written. */
  public ReportOutput(ExperimentResults results, Path report) {
    this(results, report, true);
  }

  /** Writes results and their page to a directory. */
  public static ReportOutput write(Path directory, ExperimentResults results) throws IOException {
    ResultsFile.write(directory.resolve(ResultsFile.NAME), results);
    return writePage(directory, results, true);
  }

  /**
   * Writes the page of stored results again.
   *
   * @param kinds the supported result types, by schema
   * @throws InvalidInput if the directory has no readable results
   */
  public static ReportOutput rewritePage(Path directory, Map<String, Class<? extends ExperimentResults>> kinds)
      throws IOException {
    ExperimentResults results;
    try {
      results = ResultsFile.read(directory.resolve(ResultsFile.NAME), kinds);
    } catch (IOException e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
    return writePage(OutputDirectory.create(directory), results, false);
  }

  private static ReportOutput writePage(Path directory, ExperimentResults results, boolean fresh) throws IOException {
    Path report = directory.resolve(HtmlReport.NAME);
    HtmlReport.write(report, results);
    return new ReportOutput(results, report, fresh);
  }

  /** Prints the table and the path of the page. */
  public void show(PrintWriter output, boolean open) {
    if (fresh) {
      output.println();
    }
    output.print(results.table(TerminalText.colourWanted()));
    output.println();
    output.println("Report  " + report);
    if (fresh) {
      output.println("Rerun   " + results.command());
    }
    output.flush();
    if (open) {
      ReportOpener.open(report);
    }
  }
}
