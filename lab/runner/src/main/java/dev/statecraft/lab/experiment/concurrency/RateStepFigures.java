package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.local.process.ProcessUsage;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.load.Exchange;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Counts the requests of one rate that were due in the measured time, and keeps none of them: a load generator that
 * held them would stop to collect its own garbage, and blame the service. Thread-safe.
 */
public final class RateStepFigures {
  /** Within which 99 of 100 requests must be answered well. */
  public static final double LIMIT_MILLIS = 500;

  private static final double NEEDED_SHARE = 0.99;
  /** By how much the median of the last quarter may exceed that of the first. */
  private static final double MAX_GROWTH_MILLIS = 100;
  private static final int OK = 200;
  private static final int SHED = 503;
  private static final int SIGNIFICANT_DIGITS = 3;

  private final double ratePerSecond;
  private final long span;
  // Guarded by this.
  private final Histogram good = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram refusals = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram firstQuarter = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram lastQuarter = new Histogram(SIGNIFICANT_DIGITS);
  private long inTime;
  private long cameMeanwhile;
  private long failed;

  /** Figures of a rate that is measured for so long. */
  RateStepFigures(double ratePerSecond, Duration measured) {
    this.ratePerSecond = ratePerSecond;
    this.span = measured.toNanos();
  }

  /**
   * What was used while the load ran.
   *
   * @param peak the most threads and memory seen, or null where the process died
   * @param wall how long the load ran, with its warm-up and the wait for the last answers
   * @param service processor time that the service used
   * @param load processor time that this process used
   * @param compiler of the service's processor time, that of its just-in-time compiler; null where it is not known
   */
  record Usage(@Nullable ProcessUsage peak, Duration wall, Duration service, Duration load,
      @Nullable Duration compiler) {}

  /**
   * Takes one request in; of one that was due before measuring began or after it ended, only whether it was answered
   * meanwhile.
   */
  synchronized void count(Exchange exchange) {
    if (exchange.status() == OK && isMeasured(exchange.ended())) {
      cameMeanwhile++;
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
      case SHED -> refusals.recordValue(exchange.ended() - exchange.sent());
      default -> failed++;
    }
  }

  /** What was counted. */
  synchronized RateStep step(Usage usage) {
    long requests = good.getTotalCount() + refusals.getTotalCount() + failed;
    double wall = usage.wall().toNanos();
    ProcessUsage peak = usage.peak();
    Duration compiler = usage.compiler();
    return new RateStep(ratePerSecond, requests > 0 && inTime >= NEEDED_SHARE * requests, requests,
        good.getTotalCount() / (span / 1e9), millis(good, 50), millis(good, 99), refusals.getTotalCount(), failed,
        millis(refusals, 99), peak == null ? null : peak.threads(), peak == null ? null : peak.residentBytes(),
        usage.service().toNanos() / wall, usage.load().toNanos() / wall, queueGrew(),
        cameMeanwhile / (span / 1e9), compiler == null ? null : Double.valueOf(compiler.toNanos() / wall));
  }

  private boolean isMeasured(long time) {
    return time >= 0 && time < span;
  }

  private boolean queueGrew() {
    Double before = millis(firstQuarter, 50);
    Double after = millis(lastQuarter, 50);
    return before != null && after != null && after - before > MAX_GROWTH_MILLIS;
  }

  private static @Nullable Double millis(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? null : Double.valueOf(histogram.getValueAtPercentile(percentile) / 1e6);
  }

  /** The larger of each figure; processor time is not compared. */
  static ProcessUsage peak(@Nullable ProcessUsage one, ProcessUsage other) {
    return one == null
        ? other
        : new ProcessUsage(larger(one.threads(), other.threads()), larger(one.residentBytes(), other.residentBytes()),
            other.processorTime());
  }

  private static <T extends Comparable<T>> @Nullable T larger(@Nullable T one, @Nullable T other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) > 0 ? one : other;
  }
}
