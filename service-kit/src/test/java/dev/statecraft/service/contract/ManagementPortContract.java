package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;

/** A node whose actuator has a port of its own, as on Kubernetes. */
public interface ManagementPortContract extends ServiceUnderTest {
  /** The property of the node. */
  String OWN_PORT = "management.server.port=0";

  ApplicationContext context();

  @Test
  default void httpPortTellsReadinessToGateways() throws Exception {
    assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    AvailabilityChangeEvent.publish(context(), ReadinessState.REFUSING_TRAFFIC);
    assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(503);
    AvailabilityChangeEvent.publish(context(), ReadinessState.ACCEPTING_TRAFFIC);
  }

  @Test
  default void httpPortHasNoMetrics() throws Exception {
    assertThat(get("/actuator/prometheus").statusCode()).isEqualTo(404);
    assertThat(get("/actuator/health").statusCode()).isEqualTo(404);
  }
}
