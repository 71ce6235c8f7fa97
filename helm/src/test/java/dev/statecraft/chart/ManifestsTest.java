package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.chart.reference.GeneratedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that the plain manifests in {@code k8s/} equal what the chart renders. */
class ManifestsTest {
  private static final Path DIRECTORY = Path.of("..", "k8s");
  private static final String KUBERNETES = "1.25.0";
  private static final List<String> STRATEGIES = List.of("affinity", "redis", "replicated", "cookie");

  @ParameterizedTest
  @ValueSource(strings = {"affinity", "redis", "replicated", "cookie", "all"})
  void manifestsEqualRenderedChart(String set) throws IOException {
    GeneratedFile.check(DIRECTORY.resolve(set + ".yaml"), manifests(set));
  }

  @Test
  void manifestsContainNoSecret() {
    Rendered all = Rendered.of(manifests("all"));
    assertThat(all.ofKind("Secret")).isEmpty();
    assertThat(all.ofKind("StatefulSet")).hasSize(STRATEGIES.size() + 1);
  }

  private static String manifests(String set) {
    Map<String, Object> values = new TreeMap<>();
    STRATEGIES.forEach(
        strategy -> values.put("strategies." + strategy + ".enabled", set.equals("all") || set.equals(strategy)));
    values.put("gateway.keys.existingSecret", "statecraft-gateway-keys");
    values.put("stateful.keys.existingSecret", "statecraft-session-keys");
    values.put("calls.relay.keys.existingSecret", "statecraft-relay-keys");
    values.put("redis.auth.existingSecret", "statecraft-redis");
    String rendered = Rendering.of("default").kubernetes(KUBERNETES).set(values).text();
    String plain = Arrays.stream(rendered.split("(?m)^---\n")).filter(document -> !document.isBlank())
        .filter(document -> !document.contains("app.kubernetes.io/component: test\n")).map(ManifestsTest::withoutHelm)
        .collect(Collectors.joining("---\n"));
    return "# Rendered from helm/statecraft (strategies: " + set + "); see README.md beside this file.\n---\n" + plain;
  }

  private static String withoutHelm(String document) {
    return document.lines()
        .filter(line -> !line.startsWith("# Source:") && !line.contains("helm.sh/chart:")
            && !line.contains("app.kubernetes.io/managed-by:"))
        .collect(Collectors.joining("\n")).strip() + "\n";
  }
}
