package dev.statecraft.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway whose actuator has a port of its own, as on Kubernetes. */
@SuppressWarnings("NullAway.Init") // Set before all tests.
class ManagementPortTest {
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = TestGateway.start(List.of("management.server.port=0",
        "management.endpoint.health.probes.add-additional-paths=true", "statecraft.gateway.routes.shop.prefix=/shop",
        "statecraft.gateway.routes.shop.nodes.shop-0=http://127.0.0.1:1"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator/prometheus", "/actuator/health", "/actuator/health/readiness", "/actuator"})
  void httpPortHasNoActuator(String path) {
    assertThat(gateway.get(path).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/livez", "/readyz"})
  void httpPortAnswersProbesOfLoadBalancers(String path) {
    assertThat(gateway.get(path).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator/health/liveness", "/actuator/health/readiness"})
  void managementPortAnswersProbesOfKubernetes(String path) {
    assertThat(management(path)).contains("UP");
  }

  @Test
  void managementPortHasMetrics() {
    assertThat(management("/actuator/prometheus")).contains("statecraft_gateway_requests_underway{route=\"shop\"}");
  }

  private static String management(String path) {
    String port = gateway.context().getEnvironment().getRequiredProperty("local.management.port");
    return gateway.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build()).body();
  }
}
