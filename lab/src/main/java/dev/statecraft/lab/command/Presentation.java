package dev.statecraft.lab.command;

import dev.statecraft.lab.report.Comparison;
import dev.statecraft.lab.report.ConsoleTable;
import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What a command has measured, for whoever sits before the console.
 *
 * @param report the file with all of the figures
 */
record Presentation(Comparison results, Path report) {
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
