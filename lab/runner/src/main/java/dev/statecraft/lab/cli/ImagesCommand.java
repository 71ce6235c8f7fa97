package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.ExitCode;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.ContainerImages;
import dev.statecraft.lab.environment.local.launch.Installation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code statecraft images}: builds the container images of the services and the lab with Docker. */
@Command(name = "images",
    description = "Builds the container images of the services and of the lab with docker, and prints their names.")
final class ImagesCommand extends LabCommand {
  @Option(names = "--base", paramLabel = "IMAGE",
      description = "The Java 25 base image, with bash, to use in place of the public one.")
  private @Nullable String base;

  @Option(names = "--repository", paramLabel = "NAME", defaultValue = "statecraft",
      description = "The prefix of the image names, which may include a registry. Default: ${DEFAULT-VALUE}.")
  private String repository = "statecraft";

  @Option(names = "--tag", paramLabel = "TAG", defaultValue = "0.1.0-SNAPSHOT",
      description = "The tag of all images. Default: ${DEFAULT-VALUE}.")
  private String tag = "0.1.0-SNAPSHOT";

  @Override
  public Integer call() throws ClusterFailure, InterruptedException {
    new ContainerImages(repository, tag, base).build(Installation.ofThisProcess().home());
    return ExitCode.SUCCESS;
  }
}
