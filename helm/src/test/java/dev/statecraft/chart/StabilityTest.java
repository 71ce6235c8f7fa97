package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks that an upgrade without changes restarts nothing, and that a changed value restarts only the affected pods.
 */
class StabilityTest {
  private static final Path RELEASED_FIELDS = Path.of("src", "test", "resources", "released", "0.1.0-immutable.yaml");

  @Test
  void existingSecretsMakeRenderingDeterministic() {
    String first = Rendering.of("existing-secrets").withoutCluster().text();
    assertThat(Rendering.of("existing-secrets").withoutCluster().text()).isEqualTo(first);
    assertThat(Rendered.of(first).ofKind("Secret")).isEmpty();
  }

  @Test
  void eachInstallationGeneratesItsOwnKeys() {
    List<String> keys = Stream.generate(() -> Chart.render(Map.of())).limit(2)
        .map(rendered -> rendered.object("Secret", "statecraft-session-keyring").at("/data/keys.k1").stringValue())
        .toList();
    assertThat(keys).doesNotHaveDuplicates();
  }

  @Test
  void changedConfigurationChangesPod() {
    Rendered before = Rendering.ofDefaults().installed().objects();
    Rendered after = Rendering.ofDefaults().installed().set("strategies.affinity.maximumSessions", 7).objects();
    assertThat(after.pods("statecraft-stateful-affinity").metadata())
        .isNotEqualTo(before.pods("statecraft-stateful-affinity").metadata());
    for (String untouched : List.of("statecraft-gateway", "statecraft-stateless", "statecraft-stateful-redis")) {
      assertThat(after.pods(untouched)).isEqualTo(before.pods(untouched));
    }
  }

  /** Kubernetes refuses an upgrade that changes such a field. */
  @ParameterizedTest
  @ValueSource(strings = {"standalone", "sentinel"})
  void upgradeFromChart010ChangesNoImmutableField(String redisMode) throws IOException {
    Rendered rendered = Rendering.of("all-strategies").set("redis.mode", redisMode).objects();
    Chart.parseYaml(Files.readString(RELEASED_FIELDS)).path(redisMode).properties().forEach(
        kind -> kind.getValue().properties().forEach(object -> {
          JsonNode spec = rendered.object(kind.getKey(), object.getKey()).path("spec");
          object.getValue().properties().forEach(
              field -> assertThat(withoutDefaults(spec.path(field.getKey()))).as(object.getKey())
                  .isEqualTo(field.getValue()));
        }));
  }

  /** Removes from claim templates what the API server added to those of chart 0.1.0. */
  private static JsonNode withoutDefaults(JsonNode field) {
    JsonNode copy = field.deepCopy();
    copy.valueStream().filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast).forEach(claim -> {
      claim.remove(List.of("apiVersion", "kind"));
      if (claim.get("spec") instanceof ObjectNode spec) {
        spec.remove("volumeMode");
      }
    });
    return copy;
  }
}
