package dev.statecraft.session;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** Part of readiness, never of liveness: a restart of this node does not repair its store. */
final class SessionStoreHealthIndicator implements HealthIndicator {
  private final SessionStoreStatus status;

  SessionStoreHealthIndicator(SessionStoreStatus status) {
    this.status = status;
  }

  @Override
  public Health health() {
    return status
        .notReadyReason()
        .map(reason -> Health.outOfService().withDetail("reason", reason).build())
        .orElseGet(() -> Health.up().build());
  }
}
