package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

class DrainTest {

  @Test
  void theServerTakesRequestsUntilTheDrainIsOver() throws InterruptedException {
    Drain drain = new Drain(Duration.ofMillis(200));
    drain.start();
    CountDownLatch over = new CountDownLatch(1);
    long begin = System.nanoTime();
    drain.stop(over::countDown);
    assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(200));
    assertThat(drain.isRunning()).isFalse();
  }

  /** Later phases end first. */
  @Test
  void theDrainComesBeforeTheEndOfTheServer() {
    assertThat(new Drain(Duration.ZERO).getPhase())
        .isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
  }
}
