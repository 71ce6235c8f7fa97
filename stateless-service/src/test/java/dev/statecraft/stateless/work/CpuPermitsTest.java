package dev.statecraft.stateless.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.stateless.AdmissionEstimator;
import dev.statecraft.stateless.client.Deadline;
import java.time.Duration;
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
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int LONG_MILLIS = 60_000;

  private final CpuPermits turns = new CpuPermits(new CpuBurner(), new AdmissionEstimator(), 2);
  private final ExecutorService requests = Executors.newCachedThreadPool();
  private final AtomicBoolean stopped = new AtomicBoolean();

  @AfterEach
  void stop() {
    stopped.set(true);
    requests.close();
  }

  @Test
  void noMoreCalculateAtOnceThanThereAreProcessors() throws Exception {
    AtomicInteger calculating = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger begun = new AtomicInteger();
    BooleanSupplier watched = () -> {
      most.accumulateAndGet(calculating.incrementAndGet(), Math::max);
      begun.incrementAndGet();
      Thread.onSpinWait();
      calculating.decrementAndGet();
      return stopped.get();
    };
    for (int number = 0; number < 10; number++) {
      var _ = requests.submit(() -> turns.burn(LONG_MILLIS, later(PATIENCE), watched));
    }
    await().atMost(PATIENCE).until(() -> begun.get() > 10_000);
    assertThat(most.get()).isEqualTo(2);
  }

  @Test
  void shortCalculationNeedNotWaitForLongOnesToEnd() throws Exception {
    Future<Boolean> one = calculateForLong();
    Future<Boolean> other = calculateForLong();

    assertThat(turns.burn(1, later(PATIENCE), () -> false)).isTrue();
    assertThat(one.isDone()).isFalse();
    assertThat(other.isDone()).isFalse();
  }

  @Test
  void waitForATurnEndsAtTheDeadline() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    BooleanSupplier busy = () -> {
      asked.incrementAndGet();
      await().atMost(PATIENCE).untilTrue(stopped);
      return true;
    };
    Future<Boolean> one = requests.submit(() -> turns.burn(1, later(PATIENCE), busy));
    Future<Boolean> other = requests.submit(() -> turns.burn(1, later(PATIENCE), busy));
    await().atMost(PATIENCE).until(() -> asked.get() == 2);

    assertThat(turns.burn(1, later(Duration.ofMillis(10)), () -> false)).isFalse();
    assertThat(one.isDone() || other.isDone()).isFalse();
  }

  @Test
  void calculationEndsAtTheDeadline() throws Exception {
    assertThat(turns.burn(LONG_MILLIS, later(Duration.ofMillis(10)), () -> false)).isFalse();
  }

  @Test
  void turnIsGivenBackByAStoppedCalculation() throws Exception {
    for (int time = 0; time < 3; time++) {
      assertThat(turns.burn(LONG_MILLIS, later(PATIENCE), () -> true)).isFalse();
    }
    assertThat(turns.burn(2 * CpuPermits.TURN_MILLIS + 1, later(PATIENCE), () -> false)).isTrue();
  }

  private Future<Boolean> calculateForLong() {
    AtomicBoolean begun = new AtomicBoolean();
    Future<Boolean> calculation = requests.submit(() -> turns.burn(LONG_MILLIS, later(PATIENCE), () -> {
      begun.set(true);
      return stopped.get();
    }));
    await().atMost(PATIENCE).untilTrue(begun);
    return calculation;
  }

  private static Deadline later(Duration left) {
    return new Deadline(System.nanoTime() + left.toNanos());
  }
}
