package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A temporary directory that {@link #close} deletes with its content. */
public final class WorkDirectory implements AutoCloseable {
  private final Path path;

  WorkDirectory() throws IOException {
    this.path = Files.createTempDirectory("statecraft-");
  }

  public Path path() {
    return path;
  }

  public Path newDirectory(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  @Override
  public void close() {
    try {
      delete(path);
    } catch (IOException e) {
      System.getLogger(WorkDirectory.class.getName()).log(System.Logger.Level.WARNING, "cannot delete " + path, e);
    }
  }

  /** Deletes a directory and its content, if it exists; does not follow symbolic links. */
  public static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    Files.walkFileTree(directory, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
          return FileVisitResult.CONTINUE;
        }
        throw failure;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
        Files.deleteIfExists(visited);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
