package dev.statecraft.lab.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Opens a page for a user who sits in front of this machine, and does nothing for anyone else. */
public final class ReportOpener {
  private ReportOpener() {}

  /** Opens it where somebody can see it; that it cannot be opened is no error, for its path has been printed. */
  public static void open(Path page) {
    List<String> command = command(System.getProperty("os.name"), System.getenv(),
        Boolean.getBoolean(Progress.TERMINAL));
    if (command.isEmpty()) {
      return;
    }
    try {
      new ProcessBuilder(Stream.concat(command.stream(), Stream.of(page.toString())).toList())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      // There is no such program here.
    }
  }

  /** The program to open a page with, or nothing where nobody would see it. */
  static List<String> command(String system, Map<String, String> environment, boolean terminal) {
    if (!terminal || environment.containsKey("CI") || environment.containsKey("SSH_CONNECTION")) {
      return List.of();
    }
    if (system.toLowerCase(Locale.ROOT).startsWith("mac")) {
      return List.of("open");
    }
    return environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY")
        ? List.of("xdg-open")
        : List.of();
  }
}
