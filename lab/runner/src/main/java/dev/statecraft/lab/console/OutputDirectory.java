package dev.statecraft.lab.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** A directory that the user named, made and tried before any work is done for it. */
public final class OutputDirectory {
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss")
      .withZone(ZoneId.systemDefault());

  private OutputDirectory() {}

  /**
   * The directory that the user chose, or one of results in the working directory.
   *
   * @param chosen null where the user chose none
   * @param name of the directory of results, with {@code %s} for the time
   */
  public static Path create(@Nullable Path chosen, String name, Instant time) {
    return create(chosen == null ? Path.of("results", name.replace("%s", STAMP.format(time))) : chosen);
  }

  /** The directory, which can be written into. */
  public static Path create(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      Files.delete(Files.createTempFile(absolute, ".statecraft-", null));
      return absolute;
    } catch (IOException e) {
      throw new InvalidInput("cannot write into " + directory + ": " + reason(e));
    }
  }

  private static String reason(IOException failure) {
    String kind = failure.getClass().getSimpleName();
    return switch (kind) {
      case "AccessDeniedException" -> "permission denied";
      case "FileAlreadyExistsException" -> "a file is in the way";
      default -> failure.getMessage() == null ? kind : failure.getMessage();
    };
  }
}
