package dev.statecraft.service.drain;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

class DrainTest {
  private final List<Runnable> delayedTasks = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();
  private final Drain drain = new Drain(Duration.ofSeconds(5), delay -> {
    delays.add(delay);
    return delayedTasks::add;
  });

  @Test
  void runsOnUntilTheDrainTimeIsOver() {
    AtomicBoolean stopped = new AtomicBoolean();
    drain.start();
    drain.stop(() -> stopped.set(true));
    assertThat(drain.isRunning()).isTrue();
    assertThat(stopped).isFalse();
    assertThat(delays).containsExactly(Duration.ofSeconds(5));

    delayedTasks.getFirst().run();
    assertThat(drain.isRunning()).isFalse();
    assertThat(stopped).isTrue();
  }

  @Test
  void stopsBeforeTheServer() {
    // Spring stops the highest phase first; WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE is the server's.
    assertThat(drain.getPhase()).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
  }
}
