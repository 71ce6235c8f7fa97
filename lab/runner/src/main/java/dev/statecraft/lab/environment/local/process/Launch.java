package dev.statecraft.lab.environment.local.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The JVM arguments and the jar of an application.
 *
 * @param more jars to add to the class path, after those of the application
 */
public record Launch(List<String> jvmArguments, Path jar, List<Path> more) {
  public Launch {
    jvmArguments = List.copyOf(jvmArguments);
    more = List.copyOf(more);
  }

  /** An application as it was built. */
  public Launch(List<String> jvmArguments, Path jar) {
    this(jvmArguments, jar, List.of());
  }

  /** The command that starts the application with a file of Spring Boot properties. */
  public List<String> command(Path java, Path properties) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(jvmArguments);
    if (more.isEmpty()) {
      command.addAll(List.of("-jar", jar.toString()));
    } else {
      String classPath = Stream.concat(Stream.of(jar), more.stream()).map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));
      command.addAll(List.of("-cp", classPath, mainClass()));
    }
    command.add("--spring.config.additional-location=file:" + properties);
    return command;
  }

  private String mainClass() {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
