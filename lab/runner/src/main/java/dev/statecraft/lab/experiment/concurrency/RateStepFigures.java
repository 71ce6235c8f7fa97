package dev.statecraft.lab.experiment.concurrency;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.lab.environment.local.process.ProcessUsage;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.load.Exchange;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates the requests of one rate. It does not store requests: garbage collection in the load generator would
 * distort the latency of the service. Thread-safe.
 */
public final class RateStepFigures {
  /** The time within which 99 of 100 requests must have a good answer. */
  public static final double LIMIT_MILLIS = 500;

  private static final double MIN_IN_TIME_SHARE = 0.99;
  /** How much the median latency of the last quarter may exceed that of the first. */
  private static final double MAX_GROWTH_MILLIS = 100;
  private static final int OK = 200;
  private static final int REJECTED = 503;
  private static final int SIGNIFICANT_DIGITS = 3;

  /** The middles of the first and the last quarter are so far apart. */
  private static final double QUARTERS_APART = 0.75;

  private final double ratePerSecond;
  private final long span;
  @GuardedBy("this")
  private final Histogram good = new Histogram(SIGNIFICANT_DIGITS);
  @GuardedBy("this")
  private final Histogram rejections = new Histogram(SIGNIFICANT_DIGITS);
  @GuardedBy("this")
  private final Histogram firstQuarter = new Histogram(SIGNIFICANT_DIGITS);
  @GuardedBy("this")
  private final Histogram lastQuarter = new Histogram(SIGNIFICANT_DIGITS);
  @GuardedBy("this")
  private long inTime;
  @GuardedBy("this")
  private long answeredWhileMeasured;
  @GuardedBy("this")
  private long failed;

  RateStepFigures(double ratePerSecond, Duration measured) {
    this.ratePerSecond = ratePerSecond;
    this.span = measured.toNanos();
  }

  /**
   * The delay that an overload must cause over a whole step before the queue counts as growing. A service of capacity
   * {@code c} that is offered {@code r} for {@code t} seconds delays the last quarter by {@code 0.75 * t * (r - c) / c}
   * more than the first.
   */
  static double visibleQueueSeconds() {
    return MAX_GROWTH_MILLIS / 1000 / QUARTERS_APART;
  }

  /** CPU times while the load ran, from warm-up to the last answer, and the peak unless the process terminated. */
  record Usage(@Nullable ProcessUsage peak, Duration wall, Duration service, Duration load,
      @Nullable Duration compiler) {}

  /**
   * Counts a request. One that was due outside the measured time counts only for the throughput, if it was answered in
   * that time.
   */
  synchronized void count(Exchange exchange) {
    if (exchange.status() == OK && isMeasured(exchange.ended())) {
      answeredWhileMeasured++;
    }
    if (!isMeasured(exchange.due())) {
      return;
    }
    switch (exchange.status()) {
      case OK -> {
        long latency = exchange.ended() - exchange.due();
        good.recordValue(latency);
        long quarter = 4 * exchange.due() / span;
        if (quarter == 0) {
          firstQuarter.recordValue(latency);
        } else if (quarter == 3) {
          lastQuarter.recordValue(latency);
        }
        inTime += latency < LIMIT_MILLIS * 1e6 ? 1 : 0;
      }
      case REJECTED -> rejections.recordValue(exchange.ended() - exchange.sent());
      default -> failed++;
    }
  }

  /** The figures of all counted requests. */
  synchronized RateStep step(Usage usage) {
    long requests = good.getTotalCount() + rejections.getTotalCount() + failed;
    double wall = usage.wall().toNanos();
    ProcessUsage peak = usage.peak();
    Duration compiler = usage.compiler();
    return new RateStep(ratePerSecond, requests > 0 && inTime >= MIN_IN_TIME_SHARE * requests, requests,
        good.getTotalCount() / (span / 1e9), millis(good, 50), millis(good, 99), rejections.getTotalCount(), failed,
        millis(rejections, 99), peak == null ? null : peak.threads(), peak == null ? null : peak.residentBytes(),
        usage.service().toNanos() / wall, usage.load().toNanos() / wall, queueGrew(),
        answeredWhileMeasured / (span / 1e9), compiler == null ? null : Double.valueOf(compiler.toNanos() / wall));
  }

  private boolean isMeasured(long time) {
    return time >= 0 && time < span;
  }

  @GuardedBy("this")
  private boolean queueGrew() {
    Double before = millis(firstQuarter, 50);
    Double after = millis(lastQuarter, 50);
    return before != null && after != null && after - before > MAX_GROWTH_MILLIS;
  }

  private static @Nullable Double millis(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? null : Double.valueOf(histogram.getValueAtPercentile(percentile) / 1e6);
  }

  /** The maximum of threads and of memory; the CPU time is that of {@code other}. */
  static ProcessUsage peak(@Nullable ProcessUsage one, ProcessUsage other) {
    return one == null
        ? other
        : new ProcessUsage(max(one.threads(), other.threads()), max(one.residentBytes(), other.residentBytes()),
            other.processorTime());
  }

  private static <T extends Comparable<T>> @Nullable T max(@Nullable T one, @Nullable T other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) > 0 ? one : other;
  }
}
