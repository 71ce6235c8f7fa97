package dev.statecraft.lab.environment.local.process;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;

/** Writes the configuration of a process. */
public final class PropertiesFile {
  private PropertiesFile() {}

  /** Writes Spring Boot properties to a new file that only its owner can read. */
  public static void write(Path file, Map<String, String> properties) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Properties content = new Properties();
    content.putAll(properties);
    try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      content.store(writer, null);
    }
  }
}
