package dev.statecraft.lab.console;

import java.io.Console;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Prepares text for a terminal. */
public final class TerminalText {
  private static final Pattern KNOWN_TERMINALS = Pattern.compile(
      "^(screen|tmux|xterm|rxvt|vt\\d|linux|cygwin|putty|konsole|gnome|kitty|foot|alacritty|wezterm|st$)|ansi|color");

  private TerminalText() {}

  /** Replaces control characters, so that text from a file cannot control the terminal, and non-breaking spaces. */
  public static String printable(String text) {
    return text.replace('\u00a0', ' ').replaceAll("[\\p{Cntrl}\u0080-\u009f]", "?");
  }

  /** Whether standard output is a terminal that shows colours and {@code NO_COLOR} is unset (see no-color.org). */
  public static boolean colourWanted() {
    String noColor = System.getenv("NO_COLOR");
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()
        && (noColor == null || noColor.isEmpty()) && hasControlSequences();
  }

  /** Whether the terminal interprets control sequences: a terminfo name of a terminal or emulator that is known to. */
  static boolean hasControlSequences() {
    return interpretsControlSequences(Objects.requireNonNullElse(System.getenv("TERM"), ""));
  }

  static boolean interpretsControlSequences(String terminal) {
    return KNOWN_TERMINALS.matcher(terminal).find();
  }
}
