package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the chart as a dependency of another chart, and with the values of an earlier version. */
class DependencyTest {

  @Test
  void conditionOfUmbrellaChartIsAccepted() {
    assertThat(Scenario.umbrella().objects().ofKind("Deployment")).hasSize(3);
    assertThat(Scenario.umbrella().values("statecraft: {enabled: false}").objects().objects()).isEmpty();
  }

  @Test
  void globalValuesApply() {
    Rendered rendered = Scenario.umbrella().objects();
    assertThat(rendered.pods()).isNotEmpty().allSatisfy(pods -> {
      assertThat(pods.containers()).allMatch(
          container -> container.path("image").stringValue().startsWith("mirror.example.com/"));
      assertThat(pods.spec().at("/imagePullSecrets/0/name").stringValue()).isEqualTo("mirror");
    });
    assertThat(rendered.ofKind("StatefulSet").flatMap(set -> set.at("/spec/volumeClaimTemplates").valueStream()))
        .hasSize(2).allMatch(claim -> claim.at("/spec/storageClassName").stringValue().equals("fast"));
  }

  /** {@code helm upgrade --reuse-values} knows no default that the earlier version did not have. */
  @Test
  void reusedValuesRenderLikeTheDefaults() {
    assertThat(Scenario.reusedValues("0.1.0").installed().objects())
        .isEqualTo(Rendering.ofDefaults().installed().objects());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "gateway.service", "gateway.ingress", "defaults", "defaults.drain",
    "stateful.keys", "strategies.redis", "redis", "redis.image", "redis.sentinel", "networkPolicy", "metrics", "tests",
    "calls", "management", "image"})
  void nullMeansTheDefault(String key) {
    int dot = key.indexOf('.');
    String values = dot < 0 ? key + ": null" : key.substring(0, dot) + ": {" + key.substring(dot + 1) + ": null}";
    assertThat(Rendering.ofDefaults().installed().values(values).objects())
        .isEqualTo(Rendering.ofDefaults().installed().objects());
  }

  @Test
  void nullRemovesEntriesInKubernetesFormat() {
    Rendered.PodTemplate pods = Rendering.ofDefaults().values("""
        defaults: {resources: {limits: null}, podSecurityContext: {runAsUser: null, fsGroup: null}}
        """).objects().pods("statecraft-gateway");
    assertThat(pods.container().path("resources").has("limits")).isFalse();
    assertThat(pods.spec().path("securityContext").has("runAsUser")).isFalse();
    assertThat(pods.spec().path("securityContext").has("runAsGroup")).isTrue();
  }
}
