package dev.statecraft.lab.environment.local.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM arguments and the jar of an application. */
public record Launch(List<String> jvmArguments, Path jar) {
  public Launch {
    jvmArguments = List.copyOf(jvmArguments);
  }

  /** The command that starts the application with a file of Spring Boot properties. */
  public List<String> command(Path java, Path properties) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.addAll(jvmArguments);
    command.add("-jar");
    command.add(jar.toString());
    command.add("--spring.config.additional-location=file:" + properties);
    return command;
  }
}
