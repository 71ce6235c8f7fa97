package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The wall clock of one process, whose error can be set while its monotonic clock and timed waits stay correct.
 * Preloads libfaketime into the process.
 */
public final class ClockSkew {
  /** The environment variable with the path of the library, if that is not a standard one. */
  static final String VARIABLE = "STATECRAFT_LIBFAKETIME";
  private static final String LIBRARY = "libfaketimeMT.so.1";
  private static final Path ENV = Path.of("/usr/bin/env");
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private final Path library;
  private final Path file;

  /**
   * Creates a correct clock.
   *
   * @param file the file in which the process reads the clock error
   */
  public ClockSkew(Path library, Path file) throws IOException {
    this.library = library;
    this.file = file;
    set(Duration.ZERO);
  }

  /** Why this machine does not support it; empty if it does. */
  public static Optional<String> unsupportedReason() {
    return unsupportedReason(System.getProperty("os.name"), library());
  }

  static Optional<String> unsupportedReason(String system, Optional<Path> library) {
    if (!system.equals("Linux")) {
      return Optional.of("setting the clock of one node needs Linux");
    }
    return library.isPresent()
        ? Optional.empty()
        : Optional.of("setting the clock of one node needs " + LIBRARY + ": install the package libfaketime, or set "
            + VARIABLE + " to the path of the file");
  }

  public static Optional<Path> library() {
    return library(System.getenv(VARIABLE), Path.of("/"));
  }

  /** The named file, or else the library in a directory that packages install it to. */
  static Optional<Path> library(@Nullable String named, Path root) {
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named)).filter(Files::isRegularFile);
    }
    return Stream.of("usr/lib", "usr/lib64", "usr/local/lib", "lib").map(root::resolve)
        .flatMap(ClockSkew::searchDirectories).map(directory -> directory.resolve(LIBRARY)).filter(Files::isRegularFile)
        .findFirst();
  }

  /** A directory, its architecture-specific subdirectories, and the subdirectory {@code faketime} of each. */
  private static Stream<Path> searchDirectories(Path directory) {
    List<Path> directories = new ArrayList<>(List.of(directory));
    if (Files.isDirectory(directory)) {
      try (Stream<Path> entries = Files.list(directory)) {
        entries.filter(entry -> entry.getFileName().toString().contains("-linux-")).sorted().forEach(directories::add);
      } catch (IOException | UncheckedIOException e) {
        return Stream.empty();
      }
    }
    return directories.stream().flatMap(one -> Stream.of(one.resolve("faketime"), one));
  }

  /** The words to put before the command of the process that gets this clock. */
  public List<String> commandPrefix() {
    return List.of(ENV.toString(), "LD_PRELOAD=" + library, "FAKETIME_TIMESTAMP_FILE=" + file,
        // The interval in seconds at which it reads the file.
        "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
        // With the library's workaround for old systems, timed waits of a JVM return at once.
        "FAKETIME_FORCE_MONOTONIC_FIX=0", "NO_FAKE_STAT=1", "FAKETIME_DISABLE_SHM=1");
  }

  /** Sets the error of the clock, which the process sees after about 1 s; zero corrects the clock. */
  public void set(Duration error) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, String.format("%+d%n", error.toSeconds()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Unlinks the shared memory that older versions of the library create, and that a killed process would leave. */
  public static void removeSharedMemory(long pid) throws IOException {
    Files.deleteIfExists(SHARED_MEMORY.resolve("faketime_shm_" + pid));
    Files.deleteIfExists(SHARED_MEMORY.resolve("sem.faketime_sem_" + pid));
  }
}
