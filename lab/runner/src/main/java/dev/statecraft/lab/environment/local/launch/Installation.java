package dev.statecraft.lab.environment.local.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The built source tree of Statecraft and the Java that runs it.
 *
 * @param home the root of the source tree; the jars are in each module's {@code target}
 * @param java the {@code java} executable for the services
 */
public record Installation(Path home, Path java) {
  /**
   * The installation and the Java of this process.
   *
   * @throws IllegalStateException if neither {@code statecraft.home} nor a parent of the working directory locates it
   */
  public static Installation ofThisProcess() {
    String property = System.getProperty("statecraft.home");
    Path home = property == null
        ? searchUp(Path.of("").toAbsolutePath())
        : Path.of(property).toAbsolutePath().normalize();
    if (home == null) {
      throw new IllegalStateException("cannot find the source tree of Statecraft: start the lab with ./statecraft");
    }
    return new Installation(home, Path.of(System.getProperty("java.home"), "bin", "java"));
  }

  private static @Nullable Path searchUp(Path from) {
    for (Path directory = from; directory != null; directory = directory.getParent()) {
      if (Files.isRegularFile(directory.resolve("statecraft")) && Files.isDirectory(directory.resolve("lab"))) {
        return directory;
      }
    }
    return null;
  }

  /** The fat jar of an application. */
  public Path jar(App app) {
    return home.resolve(app.module()).resolve("target").resolve(app.module() + ".jar");
  }

  /** The directory of prepared applications, kept between runs; {@code mvn clean} deletes it. */
  public Path prepared() {
    return home.resolve("target").resolve("prepared");
  }

  /** A name that depends on the content of the jar and the Java version. */
  String fingerprint(App app) {
    return fingerprint(List.of(jar(app))) + "-" + Runtime.version();
  }

  /** A hash of the contents of files. */
  static String fingerprint(List<Path> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            digest.update(buffer, 0, read);
          }
        }
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
