package dev.statecraft.lab.report;

import java.io.IOException;
import java.nio.file.Path;

/** Writes {@code report.html}: a self-contained page that shows the content of {@code results.json}. */
public final class HtmlReport {
  /** The file name in a results directory. */
  public static final String NAME = "report.html";

  private HtmlReport() {}

  /** Writes the page atomically, in UTF-8. */
  public static void write(Path file, ExperimentResults results) throws IOException {
    ResultsFile.writeAtomically(file, results.page());
  }
}
