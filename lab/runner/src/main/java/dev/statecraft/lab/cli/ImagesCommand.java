package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.local.launch.Installation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft images}: the container image of each service and of the lab itself, by Docker. */
@Command(name = "images",
    description = "Builds the container images of the services and of the lab with docker, and prints their names.",
    mixinStandardHelpOptions = true)
final class ImagesCommand implements Callable<Integer> {
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern REPOSITORY = Pattern.compile("[a-z0-9][a-z0-9._/:-]*");

  @Option(names = "--base", paramLabel = "IMAGE",
      description = "A Java 25 image, with bash for the build, to build on instead of the public one.")
  private @Nullable String base;

  @Option(names = "--repository", paramLabel = "NAME", defaultValue = "statecraft",
      description = "What stands before the service's name, a registry too: ${DEFAULT-VALUE}.")
  private String repository = "statecraft";

  @Option(names = "--tag", paramLabel = "TAG", defaultValue = "0.1.0-SNAPSHOT",
      description = "Tag of all images: ${DEFAULT-VALUE}.")
  private String tag = "0.1.0-SNAPSHOT";

  ImagesCommand() {}

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    if (!TAG.matcher(tag).matches()) {
      throw new InvalidInput("--tag " + tag + " is no tag of an image");
    }
    if (!REPOSITORY.matcher(repository).matches()) {
      throw new InvalidInput(
          "--repository " + repository + " is no name of an image: small letters, digits and . _ - / :");
    }
    ProcessBuilder build = build(Installation.ofThisProcess().home(), repository, tag, base).inheritIO();
    try {
      if (build.start().waitFor() != 0) {
        throw new ClusterFailure("docker could not build the images");
      }
    } catch (IOException e) {
      throw new ClusterFailure("cannot run docker/build: " + e.getMessage());
    }
    return 0;
  }

  static ProcessBuilder build(Path home, String repository, String tag, @Nullable String base) {
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
