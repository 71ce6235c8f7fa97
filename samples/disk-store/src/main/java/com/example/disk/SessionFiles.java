package com.example.disk;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.session.MapSession;

/** One file for each session, named by its id. Only the application may write to the directory. Thread-safe. */
final class SessionFiles {
  /** An id comes from the client and becomes the name of a file, so it must not contain a path. */
  private static final Pattern ID = Pattern.compile("[0-9a-f-]{36}");

  private final Path directory;

  /** The file of a session cannot be deserialized. */
  static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableException(Exception cause) {
      super(cause);
    }
  }

  SessionFiles(Path directory) {
    this.directory = directory;
  }

  static boolean isId(String id) {
    return ID.matcher(id).matches();
  }

  List<String> ids() {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).filter(SessionFiles::isId).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces the file at once, so that no reader finds half a session. */
  void write(String id, MapSession session) {
    try {
      Path complete = Files.createTempFile(directory, "new-", ".session");
      try {
        try (ObjectOutputStream out = new ObjectOutputStream(Files.newOutputStream(complete))) {
          out.writeObject(session);
        }
        Files.move(complete, directory.resolve(id), StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(complete);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nullable
  MapSession read(String id) {
    try (ObjectInputStream in = new ObjectInputStream(
        new BufferedInputStream(Files.newInputStream(directory.resolve(id))))) {
      return (MapSession) in.readObject();
    } catch (NoSuchFileException e) {
      return null;
    } catch (ClassNotFoundException | ClassCastException | ObjectStreamException e) {
      throw new UnreadableException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void delete(String id) {
    try {
      Files.deleteIfExists(directory.resolve(id));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
