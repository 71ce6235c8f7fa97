package dev.statecraft.service.health;

import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Answers the gateways' probes on the HTTP port if {@code management.server.port} moves the actuator to a port of its
 * own: 200 if the node is ready, otherwise 503. Without such a port, the actuator handles the path first. A gateway
 * passes no request for a path below {@code /actuator}.
 */
@RestController
public final class ReadinessController {
  private final HealthEndpoint health;

  ReadinessController(HealthEndpoint health) {
    this.health = health;
  }

  @GetMapping("/actuator/health/readiness")
  ResponseEntity<Readiness> readiness() {
    HealthDescriptor descriptor = health.healthForPath("readiness");
    boolean ready = descriptor != null && descriptor.getStatus().equals(Status.UP);
    return ResponseEntity.status(ready ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
        .body(new Readiness(ready ? "UP" : "OUT_OF_SERVICE"));
  }

  record Readiness(String status) {}
}
