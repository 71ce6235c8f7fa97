package dev.statecraft.service.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.admission.AdmissionEstimator.Ticket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class AdmissionEstimatorTest {
  private static final long SERVICE_NANOS = 1_000_000;
  private static final Duration MAX_WAIT = Duration.ofMillis(500);
  private static final int REQUESTS = 20_000;

  private final AtomicLong now = new AtomicLong(1);
  private final AdmissionEstimator estimator = new AdmissionEstimator(MAX_WAIT, now::get);

  @Test
  void estimateGrowsWithTheQueue() {
    Ticket first = estimator.join();
    Ticket second = estimator.join();
    advance(MAX_WAIT.toNanos() / 2);
    estimator.leave(first);
    assertThat(estimator.isWaitTooLong()).as("half of the limit for the first position").isFalse();
    Ticket third = estimator.join();
    advance(MAX_WAIT.toNanos() / 2 + 2);
    estimator.leave(second);
    assertThat(estimator.isWaitTooLong()).as("half of the limit for each position, one waits").isFalse();
    estimator.join();
    assertThat(estimator.isWaitTooLong()).as("half of the limit for each position, two wait").isTrue();
    estimator.leave(third);
    assertThat(estimator.isWaitTooLong()).isFalse();
  }

  @Test
  void emptyQueueForgetsItsLastWait() {
    Ticket first = estimator.join();
    advance(2 * MAX_WAIT.toNanos());
    estimator.leave(first);
    estimator.join();
    assertThat(estimator.isWaitTooLong()).isFalse();
  }

  @Test
  void estimateIsAtMostTwiceTheLastWait() {
    Ticket pausedAlone = estimator.join();
    advance(MAX_WAIT.toNanos() / 2);
    for (int i = 0; i < 100; i++) {
      estimator.join();
    }
    estimator.leave(pausedAlone);
    assertThat(estimator.isWaitTooLong()).isFalse();
  }

  /**
   * Simulates a queue of requests that take one millisecond each.
   *
   * @param overload requests that arrive while one is served
   */
  @Property(tries = 50)
  void overloadedQueueStaysFullAndWithinTheLimit(@ForAll @DoubleRange(min = 1.2, max = 10) double overload) {
    AtomicLong clock = new AtomicLong(1);
    AdmissionEstimator simulated = new AdmissionEstimator(MAX_WAIT, clock::get);
    Queue<Ticket> queue = new ArrayDeque<>();
    long maxWaitWhenFull = 0;
    double arrived = 0;
    for (int served = 0; served < REQUESTS; served++) {
      for (arrived += overload; arrived >= 1; arrived--) {
        if (!simulated.isWaitTooLong()) {
          queue.add(simulated.join());
        }
      }
      Ticket next = queue.remove();
      long waited = clock.get() - next.joinedNanos();
      assertThat(waited).as("wait while the queue fills")
          .isLessThan((long) (MAX_WAIT.toNanos() * Math.max(1.2, overload * 0.6)));
      maxWaitWhenFull = served < REQUESTS / 2 ? 0 : Math.max(maxWaitWhenFull, waited);
      simulated.leave(next);
      clock.addAndGet(SERVICE_NANOS);
    }
    assertThat(maxWaitWhenFull).isBetween(MAX_WAIT.toNanos() * 4 / 5, MAX_WAIT.toNanos() * 6 / 5);
  }

  private void advance(long nanos) {
    now.addAndGet(nanos);
  }
}
