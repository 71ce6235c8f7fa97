package dev.statecraft.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NodeTimerTest {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private static final long STEP_MILLIS = 50;

  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger expirations = new AtomicInteger();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final NodeTimer timer = new NodeTimer(channel.eventLoop(), clock::get, expirations::incrementAndGet);

  NodeTimerTest() {
    channel.freezeTime();
  }

  @Test
  void expiresOnceAfterLimit() {
    timer.start(LIMIT);
    advance(999);
    assertThat(expirations).hasValue(0);
    advance(2);
    advance(5_000);
    assertThat(expirations).hasValue(1);
  }

  @Test
  void progressStartsTheTimeAgain() {
    for (int i = 0; i < 10; i++) {
      timer.start(LIMIT);
      advance(900);
    }
    assertThat(expirations).hasValue(0);
    advance(200);
    assertThat(expirations).hasValue(1);
  }

  @Test
  void doesNotExpireWhileOthersHaveTheirTurn() {
    timer.start(LIMIT);
    timer.pause();
    advance(10_000);
    assertThat(expirations).hasValue(0);
    timer.start(LIMIT);
    advance(900);
    assertThat(expirations).hasValue(0);
    advance(200);
    assertThat(expirations).hasValue(1);
  }

  @Test
  void shorterLimitCounts() {
    timer.start(Duration.ofSeconds(100));
    timer.start(LIMIT);
    advance(1_001);
    assertThat(expirations).hasValue(1);
  }

  /** The event loop was held up for 9 seconds, so the answer may be waiting in the socket. */
  @Test
  void heldUpEventLoopGetsAnotherChance() {
    timer.start(LIMIT);
    jump(10_000);
    assertThat(expirations).hasValue(0);
    advance(150);
    assertThat(expirations).hasValue(1);
  }

  @Test
  void closedTimerDoesNotExpire() {
    timer.start(LIMIT);
    timer.close();
    timer.start(LIMIT);
    advance(10_000);
    assertThat(expirations).hasValue(0);
  }

  private void advance(long millis) {
    for (long left = millis; left > 0; left -= STEP_MILLIS) {
      jump(Math.min(left, STEP_MILLIS));
    }
  }

  private void jump(long millis) {
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }
}
