package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;

/** The actuator on a port of its own, as on Kubernetes. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = {"management.server.port=0", "statecraft.session.strategy=affinity"})
class ManagementPortTest {
  @LocalServerPort
  private int port;
  @LocalManagementPort
  private int managementPort;
  @Autowired
  private ApplicationContext context;

  @Test
  void httpPortTellsReadinessToGateways() throws Exception {
    assertThat(status(port, "/actuator/health/readiness")).isEqualTo(200);
    AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    assertThat(status(port, "/actuator/health/readiness")).isEqualTo(503);
    assertThat(status(managementPort, "/actuator/health/readiness")).isEqualTo(503);
    AvailabilityChangeEvent.publish(context, ReadinessState.ACCEPTING_TRAFFIC);
  }

  @Test
  void httpPortHasNoMetrics() throws Exception {
    assertThat(status(port, "/actuator/prometheus")).isEqualTo(404);
    assertThat(status(port, "/actuator/sessionstore")).isEqualTo(404);
    assertThat(status(managementPort, "/actuator/prometheus")).isEqualTo(200);
    assertThat(status(managementPort, "/actuator/sessionstore")).isEqualTo(200);
  }

  private static int status(int port, String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path)).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.discarding()).statusCode();
    }
  }
}
