package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Checks that an upgrade without changes restarts nothing, and that a changed value restarts only the affected pods.
 */
class StabilityTest {
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
}
