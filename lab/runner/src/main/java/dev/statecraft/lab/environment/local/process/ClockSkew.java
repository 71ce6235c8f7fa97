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
 * A wall clock of one process's own, which can be made to jump while the monotonic clock and all waiting go on as ever.
 * It is libfaketime that the process meets in the place of the C library's clock; the process itself knows nothing of
 * it.
 */
public final class ClockSkew {
  /** Names the library, where it lies in no usual place. */
  static final String VARIABLE = "STATECRAFT_LIBFAKETIME";
  private static final String LIBRARY = "libfaketimeMT.so.1";
  private static final Path ENV = Path.of("/usr/bin/env");
  private static final Path SHARED = Path.of("/dev/shm");

  private final Path library;
  private final Path file;

  /**
   * A clock that is right.
   *
   * @param file where its error is kept, for the process to read
   */
  public ClockSkew(Path library, Path file) throws IOException {
    this.library = library;
    this.file = file;
    set(Duration.ZERO);
  }

  /** Why no process of this machine can have such a clock, in words; empty where one can. */
  public static Optional<String> unsupportedReason() {
    return unsupportedReason(System.getProperty("os.name"), library());
  }

  static Optional<String> unsupportedReason(String system, Optional<Path> found) {
    if (!system.equals("Linux")) {
      return Optional.of("one node's clock can be moved on Linux alone");
    }
    return found.isPresent()
        ? Optional.empty()
        : Optional.of("one node's clock is moved by " + LIBRARY
            + ", which is not there: install the package libfaketime, or name" + " the file in " + VARIABLE);
  }

  public static Optional<Path> library() {
    return library(System.getenv(VARIABLE), Path.of("/"));
  }

  /** The file that is named, or the one in a directory where packages put it. */
  static Optional<Path> library(@Nullable String named, Path root) {
    if (named != null && !named.isBlank()) {
      return Optional.of(Path.of(named)).filter(Files::isRegularFile);
    }
    return Stream.of("usr/lib", "usr/lib64", "usr/local/lib", "lib").map(root::resolve).flatMap(ClockSkew::within)
        .map(directory -> directory.resolve(LIBRARY)).filter(Files::isRegularFile).findFirst();
  }

  /** A directory, those of an architecture in it, and the library's own in each of them. */
  private static Stream<Path> within(Path directory) {
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

  /** What comes before the command of the process that is to have this clock. */
  public List<String> entry() {
    return List.of(ENV.toString(), "LD_PRELOAD=" + library, "FAKETIME_TIMESTAMP_FILE=" + file,
        // It looks into the file that often, in seconds.
        "FAKETIME_CACHE_DURATION=1", "FAKETIME_DONT_FAKE_MONOTONIC=1",
        // With the library's workaround for old systems a JVM's timed waits return at once.
        "FAKETIME_FORCE_MONOTONIC_FIX=0", "NO_FAKE_STAT=1", "FAKETIME_DISABLE_SHM=1");
  }

  /** Has it go wrong by so much, which the process sees within a second or so; zero sets it right. */
  public void set(Duration error) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(next, String.format("%+d%n", error.toSeconds()));
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * Removes the names of the memory that older versions of the library share with child processes; a process that is
   * killed would leave them behind.
   */
  public static void removeShared(long pid) throws IOException {
    Files.deleteIfExists(SHARED.resolve("faketime_shm_" + pid));
    Files.deleteIfExists(SHARED.resolve("sem.faketime_sem_" + pid));
  }
}
