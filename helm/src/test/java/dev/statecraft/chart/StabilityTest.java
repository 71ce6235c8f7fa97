package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Checks that an upgrade without changes restarts nothing, and that a changed value restarts only the affected pods.
 */
class StabilityTest {
  static Stream<Path> valuesFiles() {
    return Chart.valuesFiles().stream();
  }

  /** Ignores generated Secrets: an upgrade looks them up in the cluster, a rendering cannot. */
  @ParameterizedTest
  @MethodSource("valuesFiles")
  void sameValuesRenderTheSameObjects(Path values) {
    assertThat(withoutSecrets(Chart.render(values, "1.34.0")))
        .isEqualTo(withoutSecrets(Chart.render(values, "1.34.0")));
  }

  @Test
  void existingSecretsMakeRenderingDeterministic() {
    String first = Rendering.of("existing-secrets").kubernetes("1.34.0").text();
    assertThat(Rendering.of("existing-secrets").kubernetes("1.34.0").text()).isEqualTo(first);
    assertThat(Rendered.of(first).ofKind("Secret")).isEmpty();
  }

  @Test
  void eachInstallationGeneratesItsOwnKeys() {
    List<String> keys = Stream.generate(() -> Chart.render(Map.of())).limit(2)
        .map(rendered -> rendered.object("Secret", "statecraft-session-keys").at("/data/keys.k1").stringValue())
        .toList();
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void changedConfigurationChangesPod() {
    Rendered before = Chart.render(Map.of());
    Rendered after = Chart.render(Map.of("strategies.affinity.maximumSessions", 7));
    assertThat(after.pods("statecraft-stateful-affinity").metadata())
        .isNotEqualTo(before.pods("statecraft-stateful-affinity").metadata());
    for (String untouched : List.of("statecraft-gateway", "statecraft-stateless", "statecraft-stateful-redis")) {
      assertThat(after.pods(untouched)).isEqualTo(before.pods(untouched));
    }
  }

  private static List<JsonNode> withoutSecrets(Rendered rendered) {
    return rendered.objects().stream().filter(object -> !object.path("kind").stringValue("").equals("Secret")).toList();
  }
}
