package dev.statecraft.lab.environment.local.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How one application is started.
 *
 * @param jvmArguments what comes before {@code -jar}
 * @param jar what {@code -jar} names
 */
public record Launch(List<String> jvmArguments, Path jar) {
  public Launch {
    jvmArguments = List.copyOf(jvmArguments);
  }

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
