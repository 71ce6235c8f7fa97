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

/** The chart, rendered by Helm's own library as {@code helm install} would into an empty cluster. */
final class Chart {
  static final Path DIRECTORY = Path.of("statecraft");
  static final YAMLMapper YAML = new YAMLMapper();

  /** The oldest Kubernetes that the chart promises, and a current one. */
  static final List<String> KUBERNETES = List.of("1.20.0", "1.34.0");

  private static final String RELEASE = "statecraft";
  private static final String NAMESPACE = "shop";

  private Chart() {}

  /**
   * The chart as the tests render it. Helm's library leaves hooks out of what it prints, and asks whatever cluster the
   * user's kubeconfig names when a template looks something up; so the copy has the hook as an ordinary object, and an
   * empty cluster.
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

  /** The values files of {@code ci/}, each a way to install the chart. */
  static List<Path> scenarios() {
    try (Stream<Path> files = Files.list(DIRECTORY.resolve("ci"))) {
      return files.filter(file -> file.toString().endsWith("-values.yaml")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path scenario(String name) {
    return DIRECTORY.resolve("ci").resolve(name + "-values.yaml");
  }

  /** Everything that an installation makes, and the pod of {@code helm test}. */
  static String text(Path values, String kubernetes, Map<String, ?> set) {
    TemplateCommand command = new Helm(Copy.DIRECTORY).template().withName(RELEASE).withNamespace(NAMESPACE)
        .withKubeVersion(kubernetes).withValuesFile(values);
    set.forEach(command::set);
    return command.call();
  }

  /** What the user reads after an installation. */
  static String notes(Map<String, ?> set) {
    InstallCommand command = new Helm(Copy.DIRECTORY).install().clientOnly().dryRun().withDryRunOption(DryRun.CLIENT)
        .withName(RELEASE).withNamespace(NAMESPACE).withKubeVersion(KUBERNETES.getLast())
        .withValuesFile(scenario("default"));
    set.forEach(command::set);
    String printed = command.call().getOutput();
    return printed.substring(printed.indexOf("\nNOTES:\n") + "\nNOTES:\n".length());
  }

  static Rendered render(Path values, String kubernetes, Map<String, ?> set) {
    return Rendered.of(text(values, kubernetes, set));
  }

  static Rendered render(Path values, String kubernetes) {
    return render(values, kubernetes, Map.of());
  }

  static Rendered render(Map<String, ?> set) {
    return render(scenario("default"), KUBERNETES.getLast(), set);
  }

  /** What Helm says when it refuses; fails when it does not. */
  static String refusal(Map<String, ?> set) {
    try {
      render(set);
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
    throw new AssertionError("rendered in spite of " + set);
  }

  static JsonNode yaml(String text) {
    return YAML.readTree(text);
  }
}
