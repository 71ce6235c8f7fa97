package dev.statecraft.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Checks what the network policies admit beyond the connections within a release. */
class NetworkPolicyTest {

  /** Otherwise Prometheus would silently scrape nothing. */
  @Test
  void serviceMonitorOpensTheManagementPort() {
    Rendered rendered = Rendering.ofDefaults().set("metrics.serviceMonitor.enabled", true).objects();
    assertThat(managementRules(rendered)).hasSize(5).allSatisfy(
        rule -> assertThat(rule.path("from").toString()).isEqualTo("[{\"namespaceSelector\":{}}]"));
  }

  @Test
  void monitoringRestrictsTheManagementPort() {
    Rendered rendered = Rendering.of("public").objects();
    assertThat(managementRules(rendered)).hasSize(5).allSatisfy(
        rule -> assertThat(rule.at("/from/0/namespaceSelector/matchLabels/name").stringValue())
            .isEqualTo("monitoring"));
  }

  @Test
  void managementPortIsClosedWithoutMonitoring() {
    assertThat(managementRules(Rendering.ofDefaults().objects())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {53, 5353})
  void everyPolicyAdmitsDns(int port) {
    Rendered rendered = Rendering.of("openshift").objects();
    assertThat(rendered.ofKind("NetworkPolicy")).hasSize(7).allSatisfy(
        policy -> assertThat(ports(policy.at("/spec/egress"))).as(Rendered.nameOf(policy)).contains(port));
  }

  @ParameterizedTest
  @ValueSource(ints = {443, 6443, 8443, 16443})
  void gatewayReachesTheApiServer(int port) {
    assertThat(ports(Rendering.of("discovery").objects().object("NetworkPolicy", "statecraft-gateway")
        .at("/spec/egress"))).contains(port);
  }

  @Test
  void apiServerAndDnsPortsCanBeSet() {
    List<Integer> ports = ports(Rendering.of("discovery").set("networkPolicy.apiServerPorts[0]", 12443)
        .set("networkPolicy.dnsPorts[0]", 1053).objects().object("NetworkPolicy", "statecraft-gateway")
        .at("/spec/egress"));
    assertThat(ports).contains(12443, 1053).doesNotContain(443, 53);
  }

  @ParameterizedTest
  @CsvSource({"defaults, gateway", "defaults, stateless", "defaults, stateful-affinity", "defaults, stateful-redis",
    "defaults, stateful-cookie", "strategies.cookie, stateful-cookie", "redis, redis"})
  void rulesCanBeAdded(String key, String policy) {
    JsonNode spec = Rendering.ofDefaults().set("strategies.cookie.enabled", true)
        .set(key + ".extraEgress[0].ports[0].port", 4317).set(key + ".extraIngress[0].ports[0].port", 9000).objects()
        .object("NetworkPolicy", "statecraft-" + policy).path("spec");
    assertThat(ports(spec.path("egress"))).contains(4317);
    assertThat(ports(spec.path("ingress"))).contains(9000);
  }

  private static List<JsonNode> managementRules(Rendered rendered) {
    return rendered.ofKind("NetworkPolicy").flatMap(policy -> policy.at("/spec/ingress").valueStream())
        .filter(rule -> rule.at("/ports/0/port").asString().equals("management")).toList();
  }

  private static List<Integer> ports(JsonNode rules) {
    Stream<JsonNode> ports = rules.valueStream().flatMap(rule -> rule.path("ports").valueStream());
    return ports.map(port -> port.path("port").asInt(0)).toList();
  }
}
