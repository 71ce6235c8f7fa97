package dev.statecraft.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * What a command has measured, for whoever sits before the console.
 *
 * @param table the figures in short
 * @param report the file with all of them
 * @param again what a reader types to measure this again
 */
record Presentation(String table, Path report, String again) {
  void show(PrintWriter output, boolean open) {
    output.println();
    output.print(table);
    output.println();
    output.println("Report  " + report);
    output.println("Again   " + again);
    output.flush();
    if (open) {
      Browser.open(report);
    }
  }
}
