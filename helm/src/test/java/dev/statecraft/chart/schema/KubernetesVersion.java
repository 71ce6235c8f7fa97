package dev.statecraft.chart.schema;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A version of Kubernetes with the schema of its API: the models of that version of Kubernetes' Java client, which the
 * build copies to {@code target/kubernetes-models}. Custom resources have one schema for all versions. Thread-safe.
 */
public final class KubernetesVersion {
  /**
   * The versions that scenarios are rendered for: from the oldest that the chart supports to the newest with models.
   */
  public static final List<KubernetesVersion> ALL = List.of(new KubernetesVersion("1.20.0", "12.0.1"),
      new KubernetesVersion("1.25.0", "17.0.2"), new KubernetesVersion("1.31.0", "22.0.1"),
      new KubernetesVersion("1.36.0", "27.0.0"));

  private static final String MODELS = "io.kubernetes.client.openapi.";
  private static final Map<String, Class<?>> CUSTOM_RESOURCES = Map
      .of("gateway.networking.k8s.io/v1 HTTPRoute", HTTPRoute.class,
          "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class,
          "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class);

  private final String number;
  private final ClassLoader loader;

  private KubernetesVersion(String number, String models) {
    this.number = number;
    try {
      URL jar = Path.of("target", "kubernetes-models", "client-java-api-" + models + ".jar").toUri().toURL();
      this.loader = new URLClassLoader(new URL[]{jar}, KubernetesVersion.class.getClassLoader());
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The version as Helm's {@code --kube-version} takes it. */
  public String number() {
    return number;
  }

  /** Returns the violations of an object, each as a path and a reason; empty if the API server would accept it. */
  public List<String> violations(JsonNode object) {
    String apiVersion = object.path("apiVersion").stringValue("");
    String kind = object.path("kind").stringValue("");
    String type = apiVersion + " " + kind;
    String name = kind + "/" + object.path("metadata").path("name").asString("");
    try {
      Class<?> resource = CUSTOM_RESOURCES.get(type);
      List<String> found = type.equals("keda.sh/v1alpha1 ScaledObject")
          ? CustomResourceSchema.read("scaledobject").violations(object)
          : ModelSchema.violations(resource == null ? model(apiVersion, kind) : resource, object);
      return found.stream().map(violation -> name + violation).toList();
    } catch (ClassNotFoundException | IOException e) {
      return List.of(name + ": Kubernetes " + number + " does not serve " + type);
    }
  }

  private Class<?> model(String apiVersion, String kind) throws ClassNotFoundException, IOException {
    List<String> parts = Arrays.asList(apiVersion.split("/"));
    String version = capitalized(parts.getLast());
    String group = parts.size() == 1
        ? "Core"
        : Stream.of(parts.getFirst().replace(".k8s.io", "").split("\\.")).map(KubernetesVersion::capitalized)
            .collect(Collectors.joining());
    // Read as text, because the classes of the operations refer to libraries that are not here.
    String api = (MODELS + "apis." + group + version + "Api").replace('.', '/') + ".class";
    try (InputStream operations = loader.getResourceAsStream(api)) {
      if (operations == null
          || !new String(operations.readAllBytes(), ISO_8859_1).contains("createNamespaced" + kind)) {
        throw new ClassNotFoundException(kind);
      }
    }
    return Class.forName(MODELS + "models." + version + kind, false, loader);
  }

  private static String capitalized(String word) {
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  @Override
  public String toString() {
    return number;
  }
}
