package dev.statecraft.lab.console;

import java.io.Console;
import java.util.Optional;

/** What may go to a terminal. */
public final class TerminalText {
  private TerminalText() {}

  /** The text in one line: a damaged or hostile file must not steer the terminal, and a tied space is a space there. */
  public static String printable(String text) {
    return text.replace('\u00a0', ' ').replaceAll("[\\p{Cntrl}\u0080-\u009f]", "?");
  }

  /** Whether standard output is a terminal whose user did not ask for plain text (see no-color.org). */
  public static boolean colourWanted() {
    String refused = System.getenv("NO_COLOR");
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && (refused == null || refused.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }
}
