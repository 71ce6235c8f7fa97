package dev.statecraft.lab.report;

/**
 * What was measured side by side. {@link ResultsFile} keeps it, and {@link HtmlReport} draws its page, as often as one
 * likes from what was kept.
 */
public interface ExperimentResults {
  /** By which its file is known for what it is. */
  String schema();

  /** What a reader types to measure this again. */
  String command();

  /** The page, as HTML that loads nothing. A function of what was measured alone. */
  String page();

  /**
   * The figures in short for a terminal, and the answer in words; ended by a line break.
   *
   * @param colour whether colour may mark what the words say as well
   */
  String table(boolean colour);
}
