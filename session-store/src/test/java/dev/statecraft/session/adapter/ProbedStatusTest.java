package dev.statecraft.session.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProbedStatusTest {
  @Test
  void isNotReadyWhileStoreDoesNotAnswer() {
    CountDownLatch answer = new CountDownLatch(1);
    AtomicInteger probes = new AtomicInteger();
    ProbedStatus status = new ProbedStatus("The store", () -> {
      probes.incrementAndGet();
      try {
        answer.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      return Map.of("sessions", 1);
    });

    for (int i = 0; i < 3; i++) {
      assertThat(status.notReadyReason()).contains("The store does not respond");
    }
    assertThat(probes).as("open probes").hasValue(1);
    answer.countDown();
    await().untilAsserted(() -> assertThat(status.notReadyReason()).isEmpty());
    assertThat(status.details()).containsEntry("sessions", 1);
  }

  @Test
  void isNotReadyWhenStoreFails() {
    ProbedStatus status = new ProbedStatus("The store", () -> {
      throw new IllegalStateException("down");
    });

    assertThat(status.notReadyReason()).isPresent();
    assertThat(status.details()).isEmpty();
  }
}
