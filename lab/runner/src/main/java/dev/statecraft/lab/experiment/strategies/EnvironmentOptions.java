package dev.statecraft.lab.experiment.strategies;

import dev.statecraft.lab.console.InvalidInput;
import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.environment.kubernetes.InClusterLab;
import dev.statecraft.lab.environment.kubernetes.NoSuchRelease;
import dev.statecraft.lab.environment.kubernetes.Release;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseLocation;
import dev.statecraft.lab.environment.kubernetes.Release.ReleaseSelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a comparison takes place, as the user gave it.
 *
 * @param on {@value #LOCAL} or {@value #KUBERNETES}
 * @param inside whether the lab runs as a Job beside the release
 * @param image of the lab where it runs inside; null for the one beside the gateway's
 * @param handOver what was typed outside where this process is the lab in a pod; otherwise null
 */
public record EnvironmentOptions(String on, @Nullable String context, @Nullable String namespace,
    @Nullable String release,
    @Nullable String url, boolean inside, @Nullable String image, @Nullable String handOver) {
  /** A cluster of processes of this machine. */
  public static final String LOCAL = "local";
  /** A release of the chart. */
  public static final String KUBERNETES = "kubernetes";
  private static final String RESULTS_IN_POD = "/tmp/results";
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._/:@-]*");

  /**
   * Whether a release on Kubernetes is to be measured.
   *
   * @param given the names of the options that the user wrote
   * @throws InvalidInput where options contradict each other
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
    put(named, "--from-inside", inside ? "" : null);
    named.keySet().stream().findFirst().ifPresent(name -> {
      throw new InvalidInput(name + " goes with --on kubernetes");
    });
    return false;
  }

  /** Whether this process is the lab in a pod, whose results are fetched from outside. */
  public boolean isHandedOver() {
    return handOver != null;
  }

  Release find() throws ClusterFailure {
    try {
      return Release.find(new ReleaseSelector(context, namespace, release, url == null ? null : address(url), inside));
    } catch (NoSuchRelease e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }

  /** The lab as a pod beside the release, to run the same plan. */
  InClusterLab lab(Release found, ComparePlan plan) throws ClusterFailure {
    String name = found.shape().name();
    List<String> words = new ArrayList<>(List.of("compare", "--on", KUBERNETES, "--namespace",
        found.location().namespace(), "--release", name, "--url", found.gateway().toString(), "--no-open", "--out",
        RESULTS_IN_POD, "--hand-over=" + words(found.location(), name)));
    words.addAll(plan.options());
    try {
      return found.lab(image, words, InClusterRun.timeout(plan));
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
      // Refused below, like any other text that is no such address.
    }
    throw new InvalidInput("--url " + text + ": an address such as http://shop.example.com or http://127.0.0.1:8080");
  }
}
