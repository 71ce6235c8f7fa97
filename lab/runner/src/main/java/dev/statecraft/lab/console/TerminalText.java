package dev.statecraft.lab.console;

/** What may go to a terminal. */
public final class TerminalText {
  private TerminalText() {}

  /** The text in one line: a damaged or hostile file must not steer the terminal, and a tied space is a space there. */
  public static String printable(String text) {
    return text.replace('\u00a0', ' ').replaceAll("[\\p{Cntrl}\u0080-\u009f]", "?");
  }
}
