package dev.statecraft.lab.environment.local.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds installed programs. */
public final class SystemTool {
  private SystemTool() {}

  /** Searches the path and the directories of system commands. */
  public static Optional<Path> find(String name) {
    return Stream
        .concat(Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "").split(":", -1)),
            Stream.of("/usr/sbin", "/sbin", "/usr/bin", "/bin"))
        .filter(directory -> !directory.isEmpty()).map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable).findFirst();
  }
}
