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
 * The options that select the environment of a comparison.
 *
 * @param on {@value #LOCAL} or {@value #KUBERNETES}
 * @param inside whether the lab runs as a Job in the namespace of the release
 * @param image the lab's image for that Job; null for the one with the registry and tag of the gateway's image
 * @param outerOptions if this process is the lab in a pod, the options given to the command that started it; else null
 */
public record EnvironmentOptions(String on, @Nullable String context, @Nullable String namespace,
    @Nullable String release, @Nullable String url, boolean inside, @Nullable String image,
    @Nullable String outerOptions) {
  public static final String LOCAL = "local";
  public static final String KUBERNETES = "kubernetes";
  private static final String RESULTS_IN_POD = "/tmp/results";
  private static final Pattern IMAGE = Pattern.compile("[a-z0-9][A-Za-z0-9._/:@-]*");

  /**
   * Whether a release on Kubernetes is measured.
   *
   * @param given the names of the options on the command line
   * @throws InvalidInput if options contradict each other
   */
  boolean isKubernetes(Set<String> given) {
    if (on.equals(KUBERNETES)) {
      for (String option : List.of("--nodes", "--reads", "--writes")) {
        if (given.contains(option)) {
          throw new InvalidInput(option + ": with --on kubernetes, the release determines it");
        }
      }
      if (inside && url != null) {
        throw new InvalidInput("--url: with --from-inside, the load goes to the gateway's Service");
      }
      if (image != null && !inside) {
        throw new InvalidInput("--image requires --from-inside");
      }
      if (image != null && !IMAGE.matcher(image).matches()) {
        throw new InvalidInput("--image " + image + ": not an image name");
      }
      return true;
    }
    if (!on.equals(LOCAL)) {
      throw new InvalidInput("--on " + on + ": must be local or kubernetes");
    }
    Map<String, String> options = kubernetesOptions(context, namespace, release);
    put(options, "--image", image);
    put(options, "--from-inside", inside ? "" : null);
    options.keySet().stream().findFirst().ifPresent(name -> {
      throw new InvalidInput(name + " requires --on kubernetes");
    });
    return false;
  }

  /** Whether this process is the lab in a pod, whose results another process fetches. */
  boolean isInPod() {
    return outerOptions != null;
  }

  Release find() throws ClusterFailure {
    try {
      return Release.find(new ReleaseSelector(context, namespace, release, url == null ? null : address(url), inside));
    } catch (NoSuchRelease e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }

  /** The lab as a Job in the namespace of the release, with the same plan. */
  InClusterLab lab(Release found, ComparePlan plan) throws ClusterFailure {
    String name = found.shape().name();
    List<String> arguments = new ArrayList<>(List.of("compare", "--on", KUBERNETES, "--namespace",
        found.location().namespace(), "--release", name, "--url", found.gateway().toString(), "--no-open", "--out",
        RESULTS_IN_POD, "--hand-over=" + format(found.location(), name)));
    arguments.addAll(plan.options());
    try {
      return found.lab(image, arguments, InClusterRun.timeout(plan));
    } catch (NoSuchRelease e) {
      throw new InvalidInput(String.valueOf(e.getMessage()));
    }
  }

  /** The command-line options that select the same release again. */
  String format(ReleaseLocation found, String name) {
    if (outerOptions != null) {
      return outerOptions;
    }
    StringBuilder line = new StringBuilder("--on " + KUBERNETES);
    kubernetesOptions(found.context(), found.namespace(), name)
        .forEach((option, value) -> line.append(' ').append(option).append(' ').append(value));
    if (inside) {
      line.append(" --from-inside").append(image == null ? "" : " --image " + image);
    }
    return line.toString();
  }

  /** The Kubernetes options that have a value. */
  private Map<String, String> kubernetesOptions(@Nullable String contextValue, @Nullable String namespaceValue,
      @Nullable String releaseValue) {
    Map<String, String> options = new LinkedHashMap<>();
    put(options, "--context", contextValue);
    put(options, "--namespace", namespaceValue);
    put(options, "--release", releaseValue);
    put(options, "--url", url);
    return options;
  }

  private static void put(Map<String, String> options, String name, @Nullable String value) {
    if (value != null) {
      options.put(name, value);
    }
  }

  static URI address(String text) {
    try {
      URI address = new URI(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
      boolean valid = ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))
          && address.getHost() != null && String.valueOf(address.getPath()).isEmpty() && address.getQuery() == null;
      if (valid) {
        return address;
      }
    } catch (URISyntaxException e) {
      // Rejected below.
    }
    throw new InvalidInput(
        "--url " + text + ": must be an address such as http://shop.example.com or http://127.0.0.1:8080");
  }
}
