package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.ClusterFailure;
import dev.statecraft.lab.cluster.NoSuchRelease;
import dev.statecraft.lab.cluster.Release;
import dev.statecraft.lab.cluster.Release.Place;
import dev.statecraft.lab.cluster.Release.Wanted;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where a comparison takes place. */
final class PlaceOptions {
  private static final String LOCAL = "local";
  private static final String KUBERNETES = "kubernetes";

  @Option(names = "--on", paramLabel = "PLACE", defaultValue = LOCAL, description = "Where: local starts a cluster of processes on this machine; kubernetes measures, and harms, a release of the"
      + " chart that is installed there: ${DEFAULT-VALUE}.")
  private String on = LOCAL;

  @Option(names = "--namespace", paramLabel = "NAME", description = "Kubernetes: the release's namespace; that of the context by default.")
  private @Nullable String namespace;

  @Option(names = "--context", paramLabel = "NAME", description = "Kubernetes: the kubeconfig's context; the current one by default.")
  private @Nullable String context;

  @Option(names = "--release", paramLabel = "NAME", description = "Kubernetes: the release, where the namespace has several.")
  private @Nullable String release;

  @Option(names = "--url", paramLabel = "URL", description = "Kubernetes: where the gateway answers, such as http://shop.example.com; found out by default.")
  private @Nullable String url;

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
          throw new BadInput(own + ": with --on kubernetes, the release says");
        }
      }
      return true;
    }
    if (!on.equals(LOCAL)) {
      throw new BadInput("--on " + on + ": local or kubernetes");
    }
    named(context, namespace, release).keySet().stream().findFirst().ifPresent(name -> {
      throw new BadInput(name + " goes with --on kubernetes");
    });
    return false;
  }

  Release find() throws ClusterFailure {
    try {
      return Release.find(new Wanted(context, namespace, release, url == null ? null : address(url)));
    } catch (NoSuchRelease e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  /**
   * What a reader types to measure the same release again.
   *
   * @param found where it was found
   * @param name of the release
   */
  String words(Place found, String name) {
    StringBuilder line = new StringBuilder("--on " + KUBERNETES);
    named(found.context(), found.namespace(), name)
        .forEach((option, value) -> line.append(' ').append(option).append(' ').append(value));
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
    throw new BadInput("--url " + text + ": an address such as http://shop.example.com or http://127.0.0.1:8080");
  }
}
