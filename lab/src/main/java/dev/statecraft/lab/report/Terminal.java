package dev.statecraft.lab.report;

/** What may go to a terminal. */
final class Terminal {
  private Terminal() {}

  /** The text in one line: a damaged or hostile file must not steer the terminal, and a tied space is a space there. */
  static String printable(String text) {
    return text.replace('\u00a0', ' ').replaceAll("[\\p{Cntrl}\u0080-\u009f]", "?");
  }
}
