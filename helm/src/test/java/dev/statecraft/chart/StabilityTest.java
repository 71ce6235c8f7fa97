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
 * An upgrade that changes no value changes nothing; one that changes a value starts the pods that it concerns again.
 */
class StabilityTest {
  static Stream<Path> scenarios() {
    return Chart.scenarios().stream();
  }

  /** Generated Secrets aside: those an upgrade looks up in the cluster, which a rendering cannot. */
  @ParameterizedTest
  @MethodSource("scenarios")
  void theSameValuesRenderTheSame(Path values) {
    assertThat(withoutSecrets(Chart.render(values, "1.34.0")))
        .isEqualTo(withoutSecrets(Chart.render(values, "1.34.0")));
  }

  @Test
  void nothingIsLeftToChanceWhereEverySecretIsGiven() {
    String first = Chart.text(Chart.scenario("existing-secrets"), "1.34.0", Map.of());
    assertThat(Chart.text(Chart.scenario("existing-secrets"), "1.34.0", Map.of())).isEqualTo(first);
    assertThat(Rendered.of(first).ofKind("Secret")).isEmpty();
  }

  @Test
  void eachInstallationGetsKeysOfItsOwn() {
    List<String> keys = Stream.generate(() -> Chart.render(Map.of())).limit(2)
        .map(rendered -> rendered.object("Secret", "statecraft-session-keys").at("/data/keys.k1").stringValue())
        .toList();
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void aChangedConfigurationIsAChangedPod() {
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
