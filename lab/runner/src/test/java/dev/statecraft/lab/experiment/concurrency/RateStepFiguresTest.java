package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.statecraft.lab.environment.local.process.ProcessUsage;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.RateStepFigures.Usage;
import dev.statecraft.lab.load.Exchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RateStepFiguresTest {
  private static final long MILLI = 1_000_000;
  private static final Usage USAGE = new Usage(
      new ProcessUsage(30, 5L << 20, Duration.ZERO), Duration.ofSeconds(2), Duration.ofSeconds(1),
      Duration.ofSeconds(3), Duration.ofMillis(200));

  private final List<Exchange> exchanges = new ArrayList<>();

  @Test
  void keepsRateWith99PercentInTime() {
    add(99, 0, 10, 200);
    add(1, 0, 501, 200);
    assertThat(figures().kept()).isTrue();
    add(1, 0, 501, 200);
    assertThat(figures().kept()).isFalse();
  }

  @Test
  void growingQueueIsNotSustained() {
    for (int due = 0; due < 1_000; due += 10) {
      exchanges.add(exchange(due * MILLI, due / 4, 100, 200));
    }
    RateStep step = figures();
    assertThat(step.kept()).isTrue();
    assertThat(step.sustained()).isFalse();
    exchanges.clear();
    for (int due = 0; due < 1_000; due += 10) {
      exchanges.add(exchange(due * MILLI, due % 250, 100, 200));
    }
    assertThat(figures().sustained()).as("constant latency").isTrue();
  }

  @Test
  void onlyAnsweredRequestsAreInTime() {
    add(97, 0, 10, 200);
    add(1, 0, 10, 503);
    add(1, 0, 10, 0);
    add(1, 2_000, 0, 0);
    RateStep step = figures();
    assertThat(step.kept()).isFalse();
    assertThat(step.requests()).isEqualTo(100);
    assertThat(step.refused()).isEqualTo(1);
    assertThat(step.failed()).isEqualTo(2);
  }

  @Test
  void latencyCountsFromDueTimeRejectionFromSending() {
    add(1, 400, 10, 200);
    add(1, 400, 10, 503);
    RateStep step = figures();
    assertThat(Objects.requireNonNull(step.p99Millis())).isCloseTo(410, within(2.0));
    assertThat(Objects.requireNonNull(step.refusalP99Millis())).isCloseTo(10, within(0.1));
  }

  @Test
  void countsOnlyRequestsDueWhileMeasuring() {
    add(1, 0, 1, 200);
    exchanges.add(exchange(-1, 0, 1, 200));
    exchanges.add(exchange(1_000 * MILLI, 0, 1, 200));
    RateStep step = figures();
    assertThat(step.requests()).isEqualTo(1);
    assertThat(step.goodPerSecond()).isEqualTo(1);
  }

  @Test
  void throughputCountsAnswersWhileMeasuring() {
    add(3, 0, 1, 200);
    add(5, 1_100, 1, 200);
    add(1, 0, 1, 503);
    exchanges.add(exchange(-500 * MILLI, 1_000, 1, 200));
    RateStep step = figures();
    assertThat(step.throughputPerSecond()).isEqualTo(4);
    assertThat(step.goodPerSecond()).isEqualTo(8);
  }

  @Test
  void cpusAreCpuTimePerElapsedTime() {
    RateStep step = figures();
    assertThat(step.serviceProcessors()).isEqualTo(0.5);
    assertThat(step.loadProcessors()).isEqualTo(1.5);
    assertThat(step.compilerProcessors()).isEqualTo(0.1);
    assertThat(step.threads()).isEqualTo(30);
    assertThat(step.kept()).as("no requests").isFalse();
  }

  @Test
  void peakIsMaximumOfEachFigure() {
    ProcessUsage peak = RateStepFigures.peak(new ProcessUsage(30, 5L, Duration.ZERO),
        new ProcessUsage(20, 9L, Duration.ZERO));
    assertThat(peak.threads()).isEqualTo(30);
    assertThat(peak.residentBytes()).isEqualTo(9);
  }

  private void add(int times, long waitMillis, long tookMillis, int status) {
    for (int time = 0; time < times; time++) {
      exchanges.add(exchange(time * MILLI, waitMillis, tookMillis, status));
    }
  }

  private static Exchange exchange(long due, long waitMillis, long tookMillis, int status) {
    long sent = due + waitMillis * MILLI;
    return new Exchange(due, sent, sent + tookMillis * MILLI, status);
  }

  private RateStep figures() {
    RateStepFigures figures = new RateStepFigures(100, Duration.ofSeconds(1));
    exchanges.forEach(figures::count);
    return figures.step(USAGE);
  }
}
