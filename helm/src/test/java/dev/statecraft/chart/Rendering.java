package dev.statecraft.chart;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.marcnuri.helm.DryRun;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One rendering of the chart by Helm's library: what {@code helm install} would send. By default it is that of an empty
 * cluster, in which the chart generates keys.
 */
final class Rendering {
  /** What a lookup finds in a cluster where nothing is installed. */
  private static final String EMPTY_CLUSTER = "global: {cluster: {ServiceAccount: {default: {kind: ServiceAccount}}}}";

  private static final Path DIRECTORY = Path.of("target", "rendered", "values");

  private static final Map<String, String> FULLNAMES = new ConcurrentHashMap<>();

  private Path chart = Chart.copy();
  private String release = "statecraft";
  private String namespace = "shop";
  private String kubernetes = Chart.KUBERNETES_VERSIONS.getLast();
  private final ObjectNode values = (ObjectNode) Chart.parseYaml(EMPTY_CLUSTER);
  private final Map<String, Object> set = new TreeMap<>();

  private Rendering() {}

  static Rendering of(Path valuesFile) {
    try {
      return new Rendering().values(Files.readString(valuesFile));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Rendering of(String valuesFile) {
    return of(Chart.valuesFile(valuesFile));
  }

  static Rendering ofDefaults() {
    return of("default");
  }

  Rendering chart(Path directory) {
    this.chart = directory;
    return this;
  }

  Rendering release(String name) {
    this.release = name;
    return this;
  }

  Rendering namespace(String name) {
    this.namespace = name;
    return this;
  }

  Rendering kubernetes(String version) {
    this.kubernetes = version;
    return this;
  }

  /** Adds a value as {@code --set} does. */
  Rendering set(String key, Object value) {
    set.put(key, value);
    return this;
  }

  Rendering set(Map<String, ?> keys) {
    set.putAll(keys);
    return this;
  }

  /** Adds values in YAML; they replace those of the values file. */
  Rendering values(String yaml) {
    JsonNode added = Chart.parseYaml(yaml);
    if (added.isObject()) {
      merge(values, (ObjectNode) added);
    }
    return this;
  }

  /** Adds objects that lookups find, in YAML by kind and name. */
  Rendering cluster(String yaml) {
    merge((ObjectNode) values.path("global").path("cluster"), (ObjectNode) Chart.parseYaml(yaml));
    return this;
  }

  /** Lets lookups find the Secrets of an earlier installation, so that no key is generated. */
  Rendering installed() {
    ObjectNode secrets = Chart.YAML_MAPPER.createObjectNode();
    for (String part : List.of("gateway-keyring", "session-keyring", "relay-keyring", "redis-auth")) {
      secrets.putObject(fullname() + "-" + part).putObject("data").put("password", "c2VjcmV0").put("keys.k1", "azE=")
          .put("active-key", "azE=");
    }
    ((ObjectNode) values.path("global").path("cluster")).set("Secret", secrets);
    return this;
  }

  /** The first part of the names of this release's objects. */
  private String fullname() {
    return FULLNAMES.computeIfAbsent(release, name -> renderedFullname());
  }

  private String renderedFullname() {
    String gateway = objects().ofKind("Service").map(Rendered::nameOf).filter(name -> name.endsWith("-gateway"))
        .findFirst().orElseThrow();
    return gateway.substring(0, gateway.length() - "-gateway".length());
  }

  /** Lets lookups find nothing, as {@code helm template} does. */
  Rendering withoutCluster() {
    ((ObjectNode) values.path("global")).remove("cluster");
    return this;
  }

  /** Moves all values below a key, as an umbrella chart has those of a dependency; {@code global} stays. */
  Rendering below(String key) {
    ObjectNode own = values.deepCopy();
    JsonNode global = own.remove("global");
    values.removeAll();
    values.set("global", global);
    values.set(key, own);
    return this;
  }

  /** Renders all objects of an installation, including the pod of {@code helm test}. */
  String text() {
    TemplateCommand command = new Helm(chart).template().withName(release).withNamespace(namespace)
        .withKubeVersion(kubernetes).withValuesFile(valuesFile());
    set.forEach(command::set);
    return Objects.requireNonNullElse(command.call(), "");
  }

  /** Renders as {@link #text()} does, by a program in place of Helm's library. */
  String textBy(String program) throws IOException {
    if (!set.isEmpty()) {
      throw new UnsupportedOperationException("single values are not passed to a program");
    }
    Process process = new ProcessBuilder(program, "template", release, chart.toString(), "--namespace", namespace,
        "--kube-version", kubernetes, "--values", valuesFile().toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  Rendered objects() {
    return Rendered.of(text());
  }

  /** Returns Helm's error message; fails if the chart renders. */
  String error() {
    try {
      text();
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("chart rendered with invalid values " + values + " " + set);
  }

  /** Renders NOTES.txt, which Helm prints after an installation. */
  String notes() {
    InstallCommand command = new Helm(chart).install().clientOnly().dryRun().withDryRunOption(DryRun.CLIENT)
        .withName(release).withNamespace(namespace).withKubeVersion(kubernetes).withValuesFile(valuesFile());
    set.forEach(command::set);
    String printed = command.call().getOutput();
    return printed.substring(printed.indexOf("\nNOTES:\n") + "\nNOTES:\n".length());
  }

  private Path valuesFile() {
    try {
      Files.createDirectories(DIRECTORY);
      Path file = Files.createTempFile(DIRECTORY, "values", ".yaml");
      file.toFile().deleteOnExit();
      return Files.writeString(file, Chart.YAML_MAPPER.writeValueAsString(values));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void merge(ObjectNode onto, ObjectNode over) {
    over.properties().forEach(entry -> {
      JsonNode under = onto.get(entry.getKey());
      if (under instanceof ObjectNode map && entry.getValue() instanceof ObjectNode value) {
        merge(map, value);
      } else {
        onto.set(entry.getKey(), entry.getValue());
      }
    });
  }
}
