package dev.statecraft.reactive.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmittedRequestQueueTest {
  private static final long TIME_SLICE = AdmittedRequestQueue.TIME_SLICE.toNanos();

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final AtomicLong clock = new AtomicLong();
  private final AdmittedRequestQueue queue = new AdmittedRequestQueue(channel.eventLoop(), clock::get);
  private final List<Integer> served = new ArrayList<>();

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void admittingServesNothing() {
    admit(1, 0);

    assertThat(served).isEmpty();
  }

  @Test
  void eachTurnServesOneTimeSlice() {
    IntStream.range(0, 10).forEach(number -> admit(number, TIME_SLICE / 3 + 1));

    turn();
    assertThat(served).containsExactly(0, 1, 2);

    turn();
    assertThat(served).containsExactly(0, 1, 2, 3, 4, 5);

    turn();
    turn();
    assertThat(served).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
  }

  @Test
  void slowRequestEndsItsTurn() {
    admit(1, 10 * TIME_SLICE);
    admit(2, 0);

    turn();

    assertThat(served).containsExactly(1);
  }

  @Test
  void requestAdmittedWhileServingIsServedOnce() {
    queue.execute(() -> admit(1, 0));
    turn();
    turn();

    assertThat(served).containsExactly(1);
  }

  @Test
  void failingRequestDoesNotStopOthers() {
    queue.execute(() -> {
      throw new IllegalStateException("broken");
    });
    admit(1, 0);

    turn();
    turn();

    assertThat(served).containsExactly(1);
  }

  private void admit(int number, long nanos) {
    queue.execute(() -> {
      clock.addAndGet(nanos);
      served.add(number);
    });
  }

  /** Runs the timers that are due, but not those that they add. */
  private void turn() {
    channel.runScheduledPendingTasks();
  }
}
