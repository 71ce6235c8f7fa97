package dev.statecraft.chart;

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
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Renders the chart by Helm's library as {@code helm install} would into an empty cluster. */
final class Chart {
  static final Path DIRECTORY = Path.of("statecraft");
  static final YAMLMapper YAML_MAPPER = new YAMLMapper();

  /** The oldest supported Kubernetes version and a current one. */
  static final List<String> KUBERNETES_VERSIONS = List.of("1.20.0", "1.34.0");

  private static final String RELEASE = "statecraft";
  private static final String NAMESPACE = "shop";

  private Chart() {}

  /**
   * A copy of the chart for rendering. Helm's library omits hooks from its output, and {@code lookup} queries the
   * cluster of the user's kubeconfig. In the copy, the test hook is an ordinary object and lookups find nothing.
   */
  private static final class Copy {
    static final Path DIRECTORY = Path.of("target", "rendered", "statecraft");

    static {
      try (Stream<Path> files = Files.walk(Chart.DIRECTORY)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path copy = DIRECTORY.resolve(Chart.DIRECTORY.relativize(file));
          Files.createDirectories(Objects.requireNonNull(copy.getParent()));
          Files.writeString(copy, Files.readString(file).replaceAll("(?m)^ *helm\\.sh/hook: test\n", "")
              .replaceAll("\\(lookup [^)]*\\)", "(dict)"));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
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

  /** Renders all objects of an installation, including the pod of {@code helm test}. */
  static String renderText(Path values, String kubernetes, Map<String, ?> set) {
    TemplateCommand command = new Helm(Copy.DIRECTORY).template().withName(RELEASE).withNamespace(NAMESPACE)
        .withKubeVersion(kubernetes).withValuesFile(values);
    set.forEach(command::set);
    return command.call();
  }

  /** Renders NOTES.txt, which Helm prints after an installation. */
  static String notes(Map<String, ?> set) {
    InstallCommand command = new Helm(Copy.DIRECTORY).install().clientOnly().dryRun().withDryRunOption(DryRun.CLIENT)
        .withName(RELEASE).withNamespace(NAMESPACE).withKubeVersion(KUBERNETES_VERSIONS.getLast())
        .withValuesFile(valuesFile("default"));
    set.forEach(command::set);
    String printed = command.call().getOutput();
    return printed.substring(printed.indexOf("\nNOTES:\n") + "\nNOTES:\n".length());
  }

  static Rendered render(Path values, String kubernetes, Map<String, ?> set) {
    return Rendered.of(renderText(values, kubernetes, set));
  }

  static Rendered render(Path values, String kubernetes) {
    return render(values, kubernetes, Map.of());
  }

  static Rendered render(Map<String, ?> set) {
    return render(valuesFile("default"), KUBERNETES_VERSIONS.getLast(), set);
  }

  /** Returns Helm's error message; fails if the chart renders. */
  static String renderError(Map<String, ?> set) {
    try {
      render(set);
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("chart rendered with invalid values " + set);
  }

  static JsonNode parseYaml(String text) {
    return YAML_MAPPER.readTree(text);
  }
}
