package dev.statecraft.chart;

import dev.statecraft.chart.schema.KubernetesVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/**
 * A way in which users install the chart. Every values file in {@code ci/} is one; others need more than values. The
 * gate renders each of them for each Kubernetes version.
 */
final class Scenario {
  /** The longest name that Helm accepts for a release: 53 characters. */
  static final String LONGEST_RELEASE_NAME = "statecraft-platform-team-production-eu-central-1-blue";

  private static final String ALL_STRATEGIES = "all-strategies";
  private static final Path RELEASED_VALUES = Path.of("src", "test", "resources", "released");
  private static final List<Scenario> ALL = all();

  private final String name;
  private final Supplier<Rendering> rendering;
  private final Map<String, Rendered> rendered = new ConcurrentHashMap<>();

  private Scenario(String name, Supplier<Rendering> rendering) {
    this.name = name;
    this.rendering = rendering;
  }

  private static List<Scenario> all() {
    List<Scenario> scenarios = new ArrayList<>();
    for (Path file : Chart.valuesFiles()) {
      scenarios.add(new Scenario(file.getFileName().toString(), () -> Rendering.of(file)));
    }
    for (String release : List.of(LONGEST_RELEASE_NAME, "2024", "on", "1e3", "my.shop", "a")) {
      scenarios.add(new Scenario("release " + release, () -> Rendering.of(ALL_STRATEGIES).release(release)));
    }
    scenarios.add(new Scenario("dependency of an umbrella chart", Scenario::umbrella));
    scenarios.add(new Scenario("--reuse-values from chart 0.1.0", () -> reusedValues("0.1.0")));
    return List.copyOf(scenarios);
  }

  /** All scenarios with all Kubernetes versions, for parameterized tests. */
  static Stream<Arguments> onAllVersions() {
    return ALL.stream()
        .flatMap(scenario -> KubernetesVersion.ALL.stream().map(version -> Arguments.of(scenario, version)));
  }

  static Stream<Scenario> stream() {
    return ALL.stream();
  }

  /** The chart as the dependency {@code statecraft} of another chart, with a condition and global values. */
  static Rendering umbrella() {
    Path parent = Path.of("target", "rendered", "umbrella");
    try {
      Files.createDirectories(parent);
      Files.writeString(parent.resolve("Chart.yaml"), """
          apiVersion: v2
          name: umbrella
          version: 1.0.0
          dependencies:
            - {name: statecraft, version: ">=0", condition: statecraft.enabled}
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Chart.copy(parent.resolve("charts").resolve("statecraft"));
    return Rendering.of(ALL_STRATEGIES).values("""
        enabled: true
        global: {imageRegistry: mirror.example.com, imagePullSecrets: [mirror], storageClass: fast, other: value}
        """).below("statecraft").chart(parent);
  }

  /** The chart with the default values of an earlier version, as {@code helm upgrade --reuse-values} renders it. */
  static Rendering reusedValues(String version) {
    Path chart = Chart.copy(Path.of("target", "rendered", "reused-" + version));
    try {
      Files.writeString(chart.resolve("values.yaml"),
          Files.readString(RELEASED_VALUES.resolve(version + "-values.yaml")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Rendering.ofDefaults().chart(chart);
  }

  Rendering rendering() {
    return rendering.get();
  }

  Rendered on(KubernetesVersion version) {
    return rendered.computeIfAbsent(version.number(), number -> rendering().kubernetes(number).objects());
  }

  @Override
  public String toString() {
    return name;
  }
}
