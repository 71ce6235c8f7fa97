package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QueueingDelayTest {
  private final AtomicLong now = new AtomicLong(1);
  private final QueueingDelay delay = new QueueingDelay(now::get);

  @Test
  void isTooLongWhileOthersWaitAndTheLastToBeServedWaitedTooLong() {
    long first = delay.joined();
    long second = delay.joined();
    long third = delay.joined();
    pass(QueueingDelay.LONGEST.toNanos());
    delay.left(first);
    assertThat(delay.isTooLong()).as("just the longest").isFalse();
    pass(1);
    delay.left(second);
    assertThat(delay.isTooLong()).isTrue();
    delay.left(third);
    assertThat(delay.isTooLong()).as("nobody waits").isFalse();
  }

  @Test
  void queueThatWasLongIsForgottenWhenItHasEnded() {
    long first = delay.joined();
    pass(2 * QueueingDelay.LONGEST.toNanos());
    delay.left(first);
    delay.joined();
    assertThat(delay.isTooLong()).isFalse();
  }

  @Test
  void queueIsNoLongerTooLongWhenTheNextWaitedLess() {
    long slow = delay.joined();
    pass(2 * QueueingDelay.LONGEST.toNanos());
    long quick = delay.joined();
    delay.joined();
    delay.left(slow);
    assertThat(delay.isTooLong()).isTrue();
    delay.left(quick);
    assertThat(delay.isTooLong()).isFalse();
  }

  private void pass(long nanos) {
    now.addAndGet(nanos);
  }
}
