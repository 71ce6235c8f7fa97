package dev.statecraft.lab.console;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Opens a page in the browser of a local, interactive user. */
public final class ReportOpener {
  private ReportOpener() {}

  /** Opens a page if the session is local and interactive; ignores failures, because the path has been printed. */
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
      // The program is not installed.
    }
  }

  /** The command that opens a page; empty if the session is not local and interactive. */
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
