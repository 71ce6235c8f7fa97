package dev.statecraft.gateway.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CoarseTimerTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<String> expired = new ArrayList<>();
  private long now;
  private CoarseTimer timer;

  @BeforeEach
  void start() {
    channel.freezeTime();
    timer = new CoarseTimer(channel.eventLoop(), () -> now);
  }

  @AfterEach
  void stop() {
    var _ = channel.close();
  }

  private void pass(long millis) {
    for (long i = 0; i < millis; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(1);
      channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  private CoarseTimer.Timeout started(String name, long millis) {
    CoarseTimer.Timeout timeout = timer.timeout(() -> expired.add(name));
    timeout.start(Duration.ofMillis(millis));
    return timeout;
  }

  @Test
  void expiresOnceAfterItsTimeAndNotBefore() {
    started("first", 50);
    pass(7);
    started("second", 50);
    pass(42);
    assertThat(expired).isEmpty();
    pass(100);
    assertThat(expired).containsExactly("first", "second");
  }

  @Test
  void startedAgainItHasTheWholeTime() {
    CoarseTimer.Timeout timeout = started("again", 50);
    pass(45);
    timeout.start(Duration.ofMillis(50));
    pass(45);
    assertThat(expired).isEmpty();
    pass(30);
    assertThat(expired).containsExactly("again");
  }

  @Test
  void pausedAndStoppedOnesDoNotExpire() {
    CoarseTimer.Timeout paused = started("paused", 20);
    CoarseTimer.Timeout stopped = started("stopped", 20);
    started("other", 20);
    paused.pause();
    stopped.stop();
    pass(60);
    assertThat(expired).containsExactly("other");
    paused.start(Duration.ofMillis(20));
    pass(60);
    assertThat(expired).containsExactly("other", "paused");
  }

  @Test
  void timeOfAHeldUpEventLoopDoesNotCount() {
    started("answer in the socket", 100);
    now += Duration.ofSeconds(10).toNanos();
    pass(20);
    assertThat(expired).isEmpty();
    pass(100);
    assertThat(expired).hasSize(1);
  }

  @Test
  void noTaskRunsWithoutTimeouts() {
    started("one", 20).stop();
    pass(20);
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
  }
}
