package dev.statecraft.lab.report;

/**
 * The results of an experiment. {@link ResultsFile} stores them; {@link HtmlReport} renders them, also from stored
 * results.
 */
public interface ExperimentResults {
  /** Identifies the file format. */
  String schema();

  /** The command that repeats the measurement. */
  String command();

  /** The report as a self-contained HTML page. A pure function of the results. */
  String page();

  /** A table of the figures and a summary for a terminal, ending with a line break, with ANSI colours if wanted. */
  String table(boolean colour);
}
