package dev.statecraft.stateless.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.cpu.CpuBurner;
import dev.statecraft.service.deadline.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CpuPermitsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int LONG_MILLIS = 60_000;

  private final CpuPermits permits = new CpuPermits(new CpuBurner(), new AdmissionEstimator(), 2);
  private final ExecutorService requests = Executors.newCachedThreadPool();
  private final AtomicBoolean stopped = new AtomicBoolean();

  @AfterEach
  void stop() {
    stopped.set(true);
    requests.close();
  }

  @Test
  void limitsConcurrentWorkToTheProcessors() throws Exception {
    AtomicInteger active = new AtomicInteger();
    AtomicInteger maxActive = new AtomicInteger();
    AtomicInteger asked = new AtomicInteger();
    // The first two wait for each other, so that they overlap on a busy machine too.
    CountDownLatch twoStarted = new CountDownLatch(2);
    BooleanSupplier observed = () -> {
      maxActive.accumulateAndGet(active.incrementAndGet(), Math::max);
      asked.incrementAndGet();
      twoStarted.countDown();
      if (twoStarted.getCount() > 0) {
        await().atMost(TIMEOUT).until(() -> twoStarted.getCount() == 0 || stopped.get());
      }
      active.decrementAndGet();
      return stopped.get();
    };
    for (int request = 0; request < 10; request++) {
      var _ = requests.submit(() -> permits.burn(LONG_MILLIS, Deadline.after(TIMEOUT), observed));
    }
    await().atMost(TIMEOUT).until(() -> asked.get() > 1_000);
    assertThat(maxActive.get()).isEqualTo(2);
  }

  @Test
  void shortWorkOvertakesLongWork() throws Exception {
    Future<Boolean> one = startLongWork();
    Future<Boolean> other = startLongWork();

    assertThat(permits.burn(1, Deadline.after(TIMEOUT), () -> false)).isTrue();
    assertThat(one.isDone()).isFalse();
    assertThat(other.isDone()).isFalse();
  }

  @Test
  void waitForAPermitEndsAtTheDeadline() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    BooleanSupplier busy = () -> {
      asked.incrementAndGet();
      await().atMost(TIMEOUT).untilTrue(stopped);
      return true;
    };
    Future<Boolean> one = requests.submit(() -> permits.burn(1, Deadline.after(TIMEOUT), busy));
    Future<Boolean> other = requests.submit(() -> permits.burn(1, Deadline.after(TIMEOUT), busy));
    await().atMost(TIMEOUT).until(() -> asked.get() == 2);

    assertThat(permits.burn(1, Deadline.after(Duration.ofMillis(10)), () -> false)).isFalse();
    assertThat(one.isDone() || other.isDone()).isFalse();
  }

  @Test
  void workEndsAtTheDeadline() throws Exception {
    assertThat(permits.burn(LONG_MILLIS, Deadline.after(Duration.ofMillis(10)), () -> false)).isFalse();
  }

  @Test
  void stoppedWorkReleasesItsPermit() throws Exception {
    for (int time = 0; time < 3; time++) {
      assertThat(permits.burn(LONG_MILLIS, Deadline.after(TIMEOUT), () -> true)).isFalse();
    }
    assertThat(permits.burn(2 * CpuPermits.TIME_SLICE_MILLIS + 1, Deadline.after(TIMEOUT), () -> false)).isTrue();
  }

  private Future<Boolean> startLongWork() {
    AtomicBoolean started = new AtomicBoolean();
    Future<Boolean> calculation = requests.submit(() -> permits.burn(LONG_MILLIS, Deadline.after(TIMEOUT), () -> {
      started.set(true);
      return stopped.get();
    }));
    await().atMost(TIMEOUT).untilTrue(started);
    return calculation;
  }
}
