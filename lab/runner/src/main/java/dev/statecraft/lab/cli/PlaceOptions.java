package dev.statecraft.lab.cli;

import dev.statecraft.lab.experiment.strategies.EnvironmentOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a comparison takes place. */
final class PlaceOptions {
  @Option(names = "--on", paramLabel = "PLACE", defaultValue = EnvironmentOptions.LOCAL,
      description = "Where: local starts a cluster of processes on this machine; kubernetes measures, and harms, a release"
          + " of the chart that is installed there: ${DEFAULT-VALUE}.")
  private String on = EnvironmentOptions.LOCAL;

  @Option(names = "--namespace", paramLabel = "NAME",
      description = "Kubernetes: the release's namespace; that of the context by default.")
  private @Nullable String namespace;

  @Option(names = "--context", paramLabel = "NAME",
      description = "Kubernetes: the kubeconfig's context; the current one by default.")
  private @Nullable String context;

  @Option(names = "--release", paramLabel = "NAME",
      description = "Kubernetes: the release, where the namespace has several.")
  private @Nullable String release;

  @Option(names = "--url", paramLabel = "URL",
      description = "Kubernetes: where the gateway answers, such as http://shop.example.com; found out by default.")
  private @Nullable String url;

  @Option(names = "--from-inside",
      description = "Kubernetes: runs the lab as a Job in the release's namespace, and brings its report here.")
  private boolean inside;

  @Option(names = "--image", paramLabel = "IMAGE",
      description = "With --from-inside: the lab's image; the one beside the gateway's by default, such as"
          + " statecraft/lab:0.1.0-SNAPSHOT.")
  private @Nullable String image;

  @Option(names = "--hand-over", paramLabel = "WORDS", hidden = true,
      description = "In a pod: what was typed outside; the results wait to be fetched.")
  private @Nullable String handOver;

  EnvironmentOptions place() {
    return new EnvironmentOptions(on, context, namespace, release, url, inside, image, handOver);
  }
}
