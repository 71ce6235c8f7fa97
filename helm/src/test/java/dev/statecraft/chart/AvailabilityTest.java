package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Checks disruption budgets and autoscaling. */
class AvailabilityTest {

  /** While Redis is down, no pod of its tier is ready; a budget that counts them would block a drain. */
  @ParameterizedTest
  @CsvSource({"1.20.0, ''", "1.26.0, ''", "1.27.0, AlwaysAllow", "1.36.0, AlwaysAllow"})
  void unreadyPodsCanBeEvicted(String kubernetes, String policy) {
    assertThat(Rendering.of("sentinel").kubernetes(kubernetes).objects().ofKind("PodDisruptionBudget")).hasSize(6)
        .allSatisfy(
            budget -> assertThat(budget.at("/spec/unhealthyPodEvictionPolicy").asString("")).isEqualTo(policy));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0%"})
  void budgetThatLetsNoPodGoIsRejected(String maxUnavailable) {
    assertThat(Rendering.ofDefaults().set("defaults.podDisruptionBudget.maxUnavailable", maxUnavailable).error())
        .contains("maxUnavailable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"defaults.podDisruptionBudget.enabled", "redis.podDisruptionBudget.enabled"})
  void redisHasNoBudgetIfDisabled(String key) {
    assertThat(Rendering.of("sentinel").set(key, false).objects().ofKind("PodDisruptionBudget").map(Rendered::nameOf))
        .doesNotContain("statecraft-redis-node");
  }

  @Test
  void everyTierThatScalesCanBeAutoscaled() {
    Rendered rendered = Rendering.of("keda").set("autoscaler.kind", "hpa").objects();
    assertThat(rendered.ofKind("HorizontalPodAutoscaler").map(Rendered::nameOf)).containsExactlyInAnyOrder(
        "statecraft-gateway", "statecraft-stateless", "statecraft-reactive", "statecraft-stateful-redis",
        "statecraft-stateful-cookie");
    assertThat(rendered.ofKind("ScaledObject")).isEmpty();
    JsonNode metrics = rendered.object("HorizontalPodAutoscaler", "statecraft-stateful-redis").at("/spec/metrics");
    assertThat(metrics.at("/1/external/metric/name").stringValue()).isEqualTo("statecraft_gateway_requests_underway");
    assertThat(metrics.at("/1/external/metric/selector/matchLabels/route").stringValue()).isEqualTo("redis");
    assertThat(rendered.object("StatefulSet", "statecraft-stateful-redis").path("spec").has("replicas")).isFalse();
  }

  @Test
  void kedaScalesByRequestsInFlight() {
    Rendered rendered = Rendering.of("keda").objects();
    assertThat(rendered.ofKind("ScaledObject")).hasSize(5);
    assertThat(rendered.ofKind("HorizontalPodAutoscaler")).isEmpty();
    assertThat(rendered.object("ScaledObject", "statecraft-stateless").at("/spec/triggers/0/metadata/query")
        .stringValue())
        .isEqualTo("sum(statecraft_gateway_requests_underway{namespace=\"shop\",route=\"stateless\"})");
    assertThat(rendered.object("ScaledObject", "statecraft-gateway").at("/spec/triggers/1/metadata/query")
        .stringValue()).isEqualTo("sum(statecraft_gateway_requests_underway{namespace=\"shop\"})");
  }

  @ParameterizedTest
  @CsvSource({"autoscaler.prometheus, '', needs autoscaler.prometheus", "gateway.discovery, static, not find new pods",
    "reactive.autoscaling.minReplicas, 9, maxReplicas",
    "strategies.replicated.autoscaling.enabled, true, autoscaling",
    "strategies.affinity.autoscaling.enabled, true, autoscaling"})
  void rejectsAutoscalingThatCannotWork(String key, String value, String named) {
    assertThat(Rendering.of("keda").set(key, value).error()).contains(named);
  }

  @Test
  void rejectsAutoscalingWithoutTarget() {
    assertThat(Chart.renderError(
        Map.of("gateway.autoscaling.enabled", true, "gateway.autoscaling.targetCPUUtilizationPercentage", 0)))
        .contains("targetRequestsInFlight");
  }
}
