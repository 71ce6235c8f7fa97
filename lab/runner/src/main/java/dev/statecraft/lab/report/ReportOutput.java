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
 * The results of a command, for its user.
 *
 * @param report the page that shows all of the figures
 * @param repeatable whether the user is told how to measure them again
 */
public record ReportOutput(ExperimentResults results, Path report, boolean repeatable) {
  /** Results that were just measured, whose page has been drawn. */
  public ReportOutput(ExperimentResults results, Path report) {
    this(results, report, true);
  }

  /** Keeps results in a directory, and draws their page beside them. */
  public static ReportOutput write(Path directory, ExperimentResults results) throws IOException {
    ResultsFile.write(directory.resolve(ResultsFile.NAME), results);
    return draw(directory, results, true);
  }

  /**
   * Draws the page of earlier results again.
   *
   * @param kinds what may be read, by its schema
   * @throws InvalidInput where the directory holds no results that can be read
   */
  public static ReportOutput redraw(Path directory, Map<String, Class<? extends ExperimentResults>> kinds)
      throws IOException {
    ExperimentResults results;
    try {
      results = ResultsFile.read(directory.resolve(ResultsFile.NAME), kinds);
    } catch (IOException e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
    return draw(OutputDirectory.create(directory), results, false);
  }

  private static ReportOutput draw(Path directory, ExperimentResults results, boolean repeatable) throws IOException {
    Path report = directory.resolve(HtmlReport.NAME);
    HtmlReport.write(report, results);
    return new ReportOutput(results, report, repeatable);
  }

  /** Prints the figures in short, and where the page is. */
  public void show(PrintWriter output, boolean open) {
    if (repeatable) {
      output.println();
    }
    output.print(results.table(TerminalText.colourWanted()));
    output.println();
    output.println("Report  " + report);
    if (repeatable) {
      output.println("Again   " + results.command());
    }
    output.flush();
    if (open) {
      ReportOpener.open(report);
    }
  }
}
