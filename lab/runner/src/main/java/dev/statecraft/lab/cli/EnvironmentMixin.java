package dev.statecraft.lab.cli;

import dev.statecraft.lab.experiment.strategies.EnvironmentOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that select the environment of a comparison. */
final class EnvironmentMixin {
  @Option(names = "--on", paramLabel = "PLACE", defaultValue = EnvironmentOptions.LOCAL,
      description = "The environment: local starts a cluster of processes on this machine; kubernetes measures an"
          + " installed release of the chart, and injects faults into it. Default: ${DEFAULT-VALUE}.")
  private String on = EnvironmentOptions.LOCAL;

  @Option(names = "--namespace", paramLabel = "NAME",
      description = "Kubernetes: the namespace of the release. Default: the namespace of the context.")
  private @Nullable String namespace;

  @Option(names = "--context", paramLabel = "NAME",
      description = "Kubernetes: the kubeconfig context. Default: the current one.")
  private @Nullable String context;

  @Option(names = "--release", paramLabel = "NAME",
      description = "Kubernetes: the name of the release, if the namespace has several.")
  private @Nullable String release;

  @Option(names = "--url", paramLabel = "URL",
      description = "Kubernetes: the URL of the gateway, such as http://shop.example.com. Default: detected.")
  private @Nullable String url;

  @Option(names = "--from-inside",
      description = "Kubernetes: runs the lab as a Job in the namespace of the release, and fetches its report.")
  private boolean inside;

  @Option(names = "--image", paramLabel = "IMAGE",
      description = "With --from-inside: the image of the lab. Default: derived from the gateway's image, such as"
          + " statecraft/lab:0.1.0-SNAPSHOT.")
  private @Nullable String image;

  @Option(names = "--hand-over", paramLabel = "WORDS", hidden = true,
      description = "In a pod: the options of the user's command; the results wait to be fetched.")
  private @Nullable String handOver;

  EnvironmentOptions options() {
    return new EnvironmentOptions(on, context, namespace, release, url, inside, image, handOver);
  }
}
