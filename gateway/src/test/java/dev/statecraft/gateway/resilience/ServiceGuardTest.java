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
  void onlySoManyAreUnderWay() {
    ServiceGuard guard = new ServiceGuard("shop", new ServiceGuard.Bounds(2, 50, 20, Duration.ofHours(1)));
    assertThat(guard.enter()).isEqualTo(Admission.ADMITTED);
    assertThat(guard.enter()).isEqualTo(Admission.ADMITTED);
    assertThat(guard.enter()).isEqualTo(Admission.BUSY);
    guard.abandoned();
    assertThat(guard.underWay()).isEqualTo(1);
    assertThat(guard.enter()).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void circuitOpensWhenMostRequestsGetNoAnswerAndNotBefore() {
    ServiceGuard guard = new ServiceGuard("shop", new ServiceGuard.Bounds(1_000, 50, 20, Duration.ofHours(1)));
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
    assertThat(guard.circuit()).isEqualTo("OPEN");
    assertThat(guard.enter()).isEqualTo(Admission.BROKEN);
    assertThat(guard.underWay()).isZero();
  }

  @Test
  void circuitClosesAgainWhenTheServiceAnswers() {
    ServiceGuard guard = new ServiceGuard("shop", new ServiceGuard.Bounds(1_000, 50, 20, Duration.ofMillis(1)));
    for (int i = 0; i < 20; i++) {
      guard.enter();
      guard.failed(1, reason);
    }
    await().until(() -> {
      if (guard.enter() == Admission.ADMITTED) {
        guard.answered(1);
      }
      return guard.circuit().equals("CLOSED");
    });
  }
}
