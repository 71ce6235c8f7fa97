package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A command of the system that says a line or two, which a pipe holds, and ends. Thread-safe. */
final class CommandRunner {
  private static final long DEADLINE_SECONDS = 10;

  private CommandRunner() {}

  /**
   * Runs it and waits for its end, 10 s at most.
   *
   * @param input what it reads, in ASCII, or null for nothing
   * @return what it said, without the white space around it
   * @throws IOException where it cannot be started, does not end, or fails; with the first line that it said
   */
  static String run(@Nullable String input, List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = process.getOutputStream()) {
      if (input != null) {
        in.write(input.getBytes(StandardCharsets.US_ASCII));
      }
    }
    if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(String.join(" ", command) + " did not end");
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (process.exitValue() != 0) {
      throw new IOException(said.lines().findFirst().orElse(Path.of(command.getFirst()).getFileName() + " failed"));
    }
    return said;
  }
}
