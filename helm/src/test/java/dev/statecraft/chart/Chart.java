package dev.statecraft.chart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import dev.statecraft.chart.schema.KubernetesVersion;

/** The chart, and copies of it that are rendered without a cluster. See {@link Rendering}. */
final class Chart {
  static final Path DIRECTORY = Path.of("statecraft");
  static final YAMLMapper YAML_MAPPER = new YAMLMapper();

  /** The Kubernetes versions that every scenario is rendered for, oldest first. */
  static final List<String> KUBERNETES_VERSIONS = KubernetesVersion.ALL.stream()
      .map(KubernetesVersion::number).toList();

  private static final Map<Path, Path> COPIES = new ConcurrentHashMap<>();
  private static final Path COPY = copy(Path.of("target", "rendered", "statecraft"));

  private Chart() {}

  /**
   * Returns a copy of the chart for rendering. Helm's library omits hooks from its output, so in the copy the hooks are
   * ordinary objects; and lookups read the objects in the value {@code global.cluster}, by kind and name.
   */
  static Path copy() {
    return COPY;
  }

  /** Copies the chart to a directory, as {@link #copy()} describes. Once, because test classes run concurrently. */
  static Path copy(Path target) {
    return COPIES.computeIfAbsent(target, Chart::copyTo);
  }

  private static Path copyTo(Path target) {
    try (Stream<Path> files = Files.walk(DIRECTORY)) {
      // A template that has been removed from the chart must not stay in the copy.
      FileSystemUtils.deleteRecursively(target);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(DIRECTORY.relativize(file));
        Files.createDirectories(Objects.requireNonNull(copy.getParent()));
        Files.writeString(copy, Files.readString(file).replaceAll("\"helm\\.sh/hook\" \"[^\"]*\"", "").replace(
            "lookup .apiVersion .kind .namespace .name",
            "dig .kind .name dict (default dict .root.Values.global.cluster)"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target;
  }

  /** The values files in {@code ci/}: supported ways to install the chart. */
  static List<Path> valuesFiles() {
    try (Stream<Path> files = Files.list(DIRECTORY.resolve("ci"))) {
      return files.filter(file -> file.toString().endsWith("-values.yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path valuesFile(String name) {
    return DIRECTORY.resolve("ci").resolve(name + "-values.yaml");
  }

  static Rendered render(Path values, String kubernetes, Map<String, ?> set) {
    return Rendering.of(values).kubernetes(kubernetes).set(set).objects();
  }

  static Rendered render(Path values, String kubernetes) {
    return render(values, kubernetes, Map.of());
  }

  static Rendered render(Map<String, ?> set) {
    return Rendering.ofDefaults().set(set).objects();
  }

  /** Returns Helm's error message; fails if the chart renders. */
  static String renderError(Map<String, ?> set) {
    return Rendering.ofDefaults().set(set).error();
  }

  static JsonNode parseYaml(String text) {
    return YAML_MAPPER.readTree(text);
  }
}
