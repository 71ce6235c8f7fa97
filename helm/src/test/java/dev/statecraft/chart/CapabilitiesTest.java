package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Checks that each Kubernetes version gets API versions and fields that it supports. */
class CapabilitiesTest {

  @ParameterizedTest
  @CsvSource({"PodDisruptionBudget, 1.20.0, policy/v1beta1", "PodDisruptionBudget, 1.21.0, policy/v1",
    "PodDisruptionBudget, 1.34.0, policy/v1", "HorizontalPodAutoscaler, 1.20.0, autoscaling/v2beta2",
    "HorizontalPodAutoscaler, 1.23.0, autoscaling/v2", "HorizontalPodAutoscaler, 1.34.0, autoscaling/v2",
    "Ingress, 1.20.0, networking.k8s.io/v1", "HTTPRoute, 1.34.0, gateway.networking.k8s.io/v1"})
  void rendersSupportedApiVersion(String kind, String kubernetes, String version) {
    assertThat(Chart.render(Chart.valuesFile("public"), kubernetes).ofKind(kind)).isNotEmpty()
        .allSatisfy(object -> assertThat(object.path("apiVersion").stringValue()).isEqualTo(version));
  }

  @Test
  void ignoresVersionSuffixOfDistribution() {
    assertThat(Chart.render(Chart.valuesFile("public"), "1.33.2-gke.100").ofKind("HorizontalPodAutoscaler"))
        .allSatisfy(object -> assertThat(object.path("apiVersion").stringValue()).isEqualTo("autoscaling/v2"));
  }

  @ParameterizedTest
  @CsvSource({"1.20.0, exec", "1.29.0, exec", "1.30.0, sleep", "1.34.0, sleep"})
  void preStopUsesSupportedAction(String kubernetes, String action) {
    JsonNode preStop = Chart.render(Chart.valuesFile("default"), kubernetes).pods("statecraft-gateway").container()
        .at("/lifecycle/preStop");
    assertThat(Set.copyOf(preStop.propertyNames())).containsExactly(action);
  }

  @Test
  void autoscaledDeploymentsSetNoReplicas() {
    Rendered rendered = Chart.render(Chart.valuesFile("public"), "1.34.0");
    assertThat(rendered.ofKind("HorizontalPodAutoscaler").map(Rendered::nameOf))
        .contains("statecraft-gateway", "statecraft-stateless", "statecraft-reactive");
    assertThat(rendered.ofKind("Deployment")).allSatisfy(
        deployment -> assertThat(deployment.path("spec").has("replicas")).isFalse());
  }
}
