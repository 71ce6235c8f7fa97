package dev.statecraft.lab.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Creates the output directory of a command and checks that it is writable, before the work starts. */
public final class OutputDirectory {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss")
      .withZone(ZoneId.systemDefault());

  private OutputDirectory() {}

  /**
   * Creates the directory that the user chose, or one below {@code results} in the working directory.
   *
   * @param chosen null if the user chose none
   * @param name the name below {@code results}, with {@code %s} for the time
   */
  public static Path create(@Nullable Path chosen, String name, Instant time) {
    return create(chosen == null ? Path.of("results", name.replace("%s", STAMP.format(time))) : chosen);
  }

  /**
   * Creates a directory and returns its absolute path.
   *
   * @throws InvalidInput if it cannot be written
   */
  public static Path create(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      Files.delete(Files.createTempFile(absolute, ".statecraft-", null));
      return absolute;
    } catch (IOException e) {
      throw new InvalidInput("cannot write to " + directory + ": " + reason(e));
    }
  }

  private static String reason(IOException failure) {
    String kind = failure.getClass().getSimpleName();
    return switch (kind) {
      case "AccessDeniedException" -> "permission denied";
      case "FileAlreadyExistsException" -> "it is a file";
      default -> failure.getMessage() == null ? kind : failure.getMessage();
    };
  }
}
