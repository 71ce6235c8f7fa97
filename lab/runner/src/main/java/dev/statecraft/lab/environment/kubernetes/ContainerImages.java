package dev.statecraft.lab.environment.kubernetes;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.ClusterFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds the container images of the services and the lab with Docker.
 *
 * @param base the Java 25 base image; null for the public one
 */
public record ContainerImages(String repository, String tag, @Nullable String base) {
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9][a-z0-9._/:-]*");

  public ContainerImages {
    if (!TAG.matcher(tag).matches()) {
      throw new InvalidInput("--tag " + tag + ": not a valid image tag");
    }
    if (!REPOSITORY.matcher(repository).matches()) {
      throw new InvalidInput(
          "--repository " + repository + ": not a valid image name; use lower-case letters, digits and . _ - / :");
    }
  }

  /** Builds all images from the jars of the installation at {@code home}. */
  public void build(Path home) throws ClusterFailure, InterruptedException {
    try {
      if (command(home).inheritIO().start().waitFor() != 0) {
        throw new ClusterFailure("docker/build failed; its output shows why");
      }
    } catch (IOException e) {
      throw new ClusterFailure("cannot run docker/build: " + e.getMessage());
    }
  }

  ProcessBuilder command(Path home) {
    List<String> words = new ArrayList<>(List.of(home.resolve("docker").resolve("build").toString()));
    if (base != null) {
      words.addAll(List.of("--build-arg", "BASE=" + base));
    }
    ProcessBuilder build = new ProcessBuilder(words).directory(home.toFile());
    build.environment().put("REPOSITORY", repository);
    build.environment().put("TAG", tag);
    return build;
  }
}
