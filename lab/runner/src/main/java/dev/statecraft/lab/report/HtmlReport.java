package dev.statecraft.lab.report;

import java.io.IOException;
import java.nio.file.Path;

/** Draws {@code report.html}: one file that loads nothing, and says all that {@code results.json} says to a reader. */
public final class HtmlReport {
  /** The name within a directory of results. */
  public static final String NAME = "report.html";

  private HtmlReport() {}

  /** Writes the page, in UTF-8, all or nothing. */
  public static void write(Path file, ExperimentResults comparison) throws IOException {
    ResultsFile.writeWhole(file, comparison.page());
  }
}
