package dev.statecraft.lab.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Draws the report of {@code compare concurrency}: one file that loads nothing. */
public final class ConcurrencyReport {
  private ConcurrencyReport() {}

  /** Writes the page, in UTF-8. */
  public static void write(Path file, ConcurrencyResults results) throws IOException {
    Files.writeString(file, render(results));
  }

  static String render(ConcurrencyResults results) {
    ConcurrencyPage page = ConcurrencyPage.of(results);
    return new WebPage("concurrency.mustache", "Statecraft: how should a server serve?", page, page.charts()).render();
  }
}
