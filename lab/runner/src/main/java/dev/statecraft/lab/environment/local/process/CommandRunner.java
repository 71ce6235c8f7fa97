package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs short system commands whose output fits into a pipe. Thread-safe. */
final class CommandRunner {
  private static final long TIMEOUT_SECONDS = 10;

  private CommandRunner() {}

  /**
   * Runs a command and waits up to 10 s for its exit.
   *
   * @param input its standard input, in ASCII; null for none
   * @return its output, stripped
   * @throws IOException if it cannot be started, times out, or fails; the message is the first line of its output
   */
  static String run(@Nullable String input, List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      if (input != null) {
        in.write(input.getBytes(StandardCharsets.US_ASCII));
      }
    }
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " did not exit within " + TIMEOUT_SECONDS + " s");
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.exitValue() != 0) {
      throw new IOException(output.lines().findFirst().orElse(Path.of(command.getFirst()).getFileName() + " failed"));
    }
    return output;
  }
}
