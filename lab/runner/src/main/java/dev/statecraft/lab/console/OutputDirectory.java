package dev.statecraft.lab.console;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory that the user named, made and tried before any work is done for it. */
public final class OutputDirectory {
  private OutputDirectory() {}

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
