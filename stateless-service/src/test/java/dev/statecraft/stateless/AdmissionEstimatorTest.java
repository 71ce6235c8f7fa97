package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateless.AdmissionEstimator.Place;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionEstimatorTest {
  private static final long SERVICE_NANOS = 1_000_000;
  private static final Duration LONGEST = Duration.ofMillis(500);

  private final AtomicLong now = new AtomicLong(1);
  private final AdmissionEstimator delay = new AdmissionEstimator(LONGEST, now::get);

  @Test
  void isTooLongWhileOthersWaitAndTheNextWouldWaitTooLong() {
    Place first = delay.joined();
    Place second = delay.joined();
    pass(LONGEST.toNanos() / 2);
    delay.left(first);
    assertThat(delay.isTooLong()).as("one more place of half the longest").isFalse();
    Place third = delay.joined();
    pass(LONGEST.toNanos() / 2 + 2);
    delay.left(second);
    assertThat(delay.isTooLong()).as("just half the longest for each place, and one waits").isFalse();
    delay.joined();
    assertThat(delay.isTooLong()).as("two wait").isTrue();
    delay.left(third);
    assertThat(delay.isTooLong()).isFalse();
  }

  @Test
  void queueThatWasLongIsForgottenWhenItHasEnded() {
    Place first = delay.joined();
    pass(2 * LONGEST.toNanos());
    delay.left(first);
    delay.joined();
    assertThat(delay.isTooLong()).isFalse();
  }

  @Test
  void pauseThatOneMetAloneForetellsNoMoreThanTwiceItselfToThoseBehind() {
    Place alone = delay.joined();
    pass(LONGEST.toNanos() / 2);
    for (int come = 0; come < 100; come++) {
      delay.joined();
    }
    delay.left(alone);
    assertThat(delay.isTooLong()).isFalse();
  }

  /**
   * A queue in order, of requests that need one millisecond each, and come evenly so many times as fast as they are
   * served.
   */
  @ParameterizedTest
  @ValueSource(doubles = {1.2, 2, 3, 4, 10})
  void processorIsNeverIdleAndNobodyWaitsMuchLongerThanTheLongestOnceTheQueueIsFull(double timesAsMany) {
    Queue<Place> queue = new ArrayDeque<>();
    long longest = 0;
    double arrived = 0;
    for (int served = 0; served < 20_000; served++) {
      for (arrived += timesAsMany; arrived >= 1; arrived--) {
        if (!delay.isTooLong()) {
          queue.add(delay.joined());
        }
      }
      Place next = queue.remove();
      long waited = now.get() - next.joinedNanos();
      assertThat(waited).as("while it fills").isLessThan((long) (LONGEST.toNanos() * Math.max(1.2, timesAsMany * 0.6)));
      longest = served < 10_000 ? 0 : Math.max(longest, waited);
      delay.left(next);
      pass(SERVICE_NANOS);
    }
    assertThat(longest).isBetween(LONGEST.toNanos() * 4 / 5, LONGEST.toNanos() * 6 / 5);
  }

  private void pass(long nanos) {
    now.addAndGet(nanos);
  }
}
