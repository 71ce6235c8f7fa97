package dev.statecraft.session.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ProbedStatusTest {
  /** Longer than a busy machine lets a thread wait. */
  private static final Duration LONG = Duration.ofMinutes(1);

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
    }, Duration.ofMillis(10));

    for (int i = 0; i < 3; i++) {
      assertThat(status.notReadyReason()).contains("The store does not respond");
    }
    assertThat(probes).as("open probes").hasValue(1);
    answer.countDown();
    await().untilAsserted(() -> assertThat(status.notReadyReason()).isEmpty());
    await().untilAsserted(() -> assertThat(status.details()).containsEntry("sessions", 1));
  }

  @Test
  void probesThatStartTogetherShareTheAnswer() throws Exception {
    ProbedStatus status = new ProbedStatus("The store", () -> Map.of("sessions", 1), LONG);
    int probes = 2;
    AtomicInteger arrived = new AtomicInteger();
    Callable<List<String>> probe = () -> {
      List<String> reasons = new ArrayList<>();
      for (int round = 1; round <= 10_000; round++) {
        arrived.incrementAndGet();
        // Spins, so that both ask within nanoseconds; then parks, because the other may have no processor.
        for (int spins = 0; arrived.get() < round * probes; spins++) {
          if (spins < 2_000) {
            Thread.onSpinWait();
          } else {
            LockSupport.parkNanos(1_000);
          }
        }
        status.notReadyReason().ifPresent(reasons::add);
      }
      return reasons;
    };

    try (ExecutorService threads = Executors.newFixedThreadPool(probes)) {
      for (Future<List<String>> reasons : threads.invokeAll(Collections.nCopies(probes, probe))) {
        assertThat(reasons.get()).isEmpty();
      }
    }
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
