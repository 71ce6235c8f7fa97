package dev.statecraft.lab.cli;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.InClusterLab;
import dev.statecraft.lab.environment.kubernetes.NoSuchRelease;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseLocation;
import dev.statecraft.lab.environment.kubernetes.Release.Wanted;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.experiment.strategies.ComparePlan;
import dev.statecraft.lab.experiment.strategies.InClusterRun;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a comparison takes place. */
final class PlaceOptions {
  private static final String LOCAL = "local";
  private static final String KUBERNETES = "kubernetes";
  private static final String INSIDE_OUT = "/tmp/results";
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._/:@-]*");

  @Option(names = "--on", paramLabel = "PLACE", defaultValue = LOCAL,
      description = "Where: local starts a cluster of processes on this machine; kubernetes measures, and harms, a release of the"
          + " chart that is installed there: ${DEFAULT-VALUE}.")
  private String on = LOCAL;

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
      description = "With --from-inside: the lab's image; the one beside the gateway's by default, such as statecraft/lab:0.1.0-SNAPSHOT.")
  private @Nullable String image;

  @Option(names = "--hand-over", paramLabel = "WORDS", hidden = true,
      description = "In a pod: what was typed outside; the results wait to be fetched.")
  private @Nullable String handOver;

  PlaceOptions() {}

  /**
   * Whether a release on Kubernetes is to be measured.
   *
   * @param given the names of the options that the user wrote
   */
  boolean isKubernetes(Set<String> given) {
    if (on.equals(KUBERNETES)) {
      for (String own : List.of("--nodes", "--reads", "--writes")) {
        if (given.contains(own)) {
          throw new InvalidInput(own + ": with --on kubernetes, the release says");
        }
      }
      if (inside && url != null) {
        throw new InvalidInput("--url: with --from-inside, the load goes to the gateway's Service");
      }
      if (image != null && !inside) {
        throw new InvalidInput("--image goes with --from-inside");
      }
      if (image != null && !IMAGE.matcher(image).matches()) {
        throw new InvalidInput("--image " + image + " is no name of an image");
      }
      return true;
    }
    if (!on.equals(LOCAL)) {
      throw new InvalidInput("--on " + on + ": local or kubernetes");
    }
    Map<String, String> named = named(context, namespace, release);
    put(named, "--image", image);
    if (inside) {
      named.put("--from-inside", "");
    }
    named.keySet().stream().findFirst().ifPresent(name -> {
      throw new InvalidInput(name + " goes with --on kubernetes");
    });
    return false;
  }

  Release find() throws ClusterFailure {
    try {
      return Release.find(new Wanted(context, namespace, release, url == null ? null : address(url), inside));
    } catch (NoSuchRelease e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }

  boolean isFromInside() {
    return inside;
  }

  /** Whether this process is the lab in a pod. */
  boolean isHandedOver() {
    return handOver != null;
  }

  /** The lab as a pod beside the release, to run the same plan. */
  InClusterLab lab(Release found, ComparePlan plan) throws ClusterFailure {
    String name = found.shape().name();
    List<String> words = new ArrayList<>(
        List.of(
            "compare", "--on", KUBERNETES, "--namespace", found.place().namespace(), "--release", name, "--url",
            found.gateway().toString(), "--no-open", "--out", INSIDE_OUT, "--hand-over=" + words(found.place(), name)));
    words.addAll(plan.options());
    try {
      return found.lab(image, words, InClusterRun.most(plan));
    } catch (NoSuchRelease e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }

  /**
   * What a reader types to measure the same release again.
   *
   * @param found where it was found
   * @param name of the release
   */
  String words(ReleaseLocation found, String name) {
    if (handOver != null) {
      return handOver;
    }
    StringBuilder line = new StringBuilder("--on " + KUBERNETES);
    named(found.context(), found.namespace(), name)
        .forEach((option, value) -> line.append(' ').append(option).append(' ').append(value));
    if (inside) {
      line.append(" --from-inside").append(image == null ? "" : " --image " + image);
    }
    return line.toString();
  }

  /** The options, of those that go with Kubernetes alone, that have a value. */
  private Map<String, String> named(@Nullable String inContext, @Nullable String inNamespace, @Nullable String called) {
    Map<String, String> named = new LinkedHashMap<>();
    put(named, "--context", inContext);
    put(named, "--namespace", inNamespace);
    put(named, "--release", called);
    put(named, "--url", url);
    return named;
  }

  private static void put(Map<String, String> named, String name, @Nullable String value) {
    if (value != null) {
      named.put(name, value);
    }
  }

  static URI address(String text) {
    try {
      URI address = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean sound = ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null && String.valueOf(address.getPath()).isEmpty() && address.getQuery() == null;
      if (sound) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Told below, as whatever else is no such address.
    }
    throw new InvalidInput("--url " + text + ": an address such as http://shop.example.com or http://127.0.0.1:8080");
  }
}
