package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.resilience.ServiceGuard.Admission;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServiceGuardTest {
  private final IOException reason = new IOException("planted");

  @Test
  void limitsRequestsInFlight() {
    ServiceGuard guard = new ServiceGuard("shop", new ServiceGuard.Limits(2, 50, 20, Duration.ofHours(1)));
    assertThat(guard.enter()).isEqualTo(Admission.ADMITTED);
    assertThat(guard.enter()).isEqualTo(Admission.ADMITTED);
    assertThat(guard.enter()).isEqualTo(Admission.BULKHEAD_FULL);
    guard.abandoned();
    assertThat(guard.inFlight()).isEqualTo(1);
    assertThat(guard.enter()).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void opensCircuitWhenMostRequestsFail() {
    ServiceGuard guard = new ServiceGuard("shop", new ServiceGuard.Limits(1_000, 50, 20, Duration.ofHours(1)));
    for (int i = 0; i < 200; i++) {
      assertThat(guard.enter()).isEqualTo(Admission.ADMITTED);
      if (i % 5 == 0) {
        guard.failed(1, reason);
      } else {
        guard.answered(1);
      }
    }
    for (int i = 0; i < 100 && guard.enter() == Admission.ADMITTED; i++) {
      guard.failed(1, reason);
    }
    assertThat(guard.isCircuitOpen()).isTrue();
    assertThat(guard.enter()).isEqualTo(Admission.CIRCUIT_OPEN);
    assertThat(guard.inFlight()).isZero();
  }

  @Test
  void closesCircuitWhenServiceAnswers() {
    ServiceGuard guard = new ServiceGuard("shop", new ServiceGuard.Limits(1_000, 50, 20, Duration.ofMillis(1)));
    for (int i = 0; i < 20; i++) {
      guard.enter();
      guard.failed(1, reason);
    }
    await().until(() -> {
      if (guard.enter() == Admission.ADMITTED) {
        guard.answered(1);
      }
      return !guard.isCircuitOpen() && guard.inFlight() == 0;
    });
  }
}
