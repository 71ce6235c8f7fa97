package dev.statecraft.lab.console;

import java.io.Console;
import java.util.Optional;

/** Prepares text for a terminal. */
public final class TerminalText {
  private TerminalText() {}

  /** Replaces control characters, so that text from a file cannot control the terminal, and non-breaking spaces. */
  public static String printable(String text) {
    return text.replace('\u00a0', ' ').replaceAll("[\\p{Cntrl}\u0080-\u009f]", "?");
  }

  /** Whether standard output is a terminal that shows colours and {@code NO_COLOR} is unset (see no-color.org). */
  public static boolean colourWanted() {
    String noColor = System.getenv("NO_COLOR");
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && (noColor == null || noColor.isEmpty()) && !"dumb".equals(System.getenv("TERM"));
  }
}
