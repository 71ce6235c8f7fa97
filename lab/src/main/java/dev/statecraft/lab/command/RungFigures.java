package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.Footprint;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.OpenLoop.Measured;
import dev.statecraft.lab.report.ConcurrencyResults.Rung;
import java.time.Duration;
import java.util.Collection;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Turns what was recorded of one rate into its figures: of the requests that were due in the measured time. */
final class RungFigures {
  /** Within which 99 of 100 requests must be answered well. */
  static final double LIMIT_MILLIS = 500;

  private static final double NEEDED_SHARE = 0.99;
  /** By how much the median of the last quarter may exceed that of the first. */
  private static final double MOST_GROWTH_MILLIS = 100;
  private static final int SHED = 503;
  private static final int SIGNIFICANT_DIGITS = 3;

  private final Histogram good = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram refusals = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram firstQuarter = new Histogram(SIGNIFICANT_DIGITS);
  private final Histogram lastQuarter = new Histogram(SIGNIFICANT_DIGITS);
  private long inTime;
  private long failed;

  private RungFigures() {}

  /**
   * What was used while the load ran.
   *
   * @param peak the most threads and memory seen, or null where the process died
   * @param wall how long the load ran, with its warm-up and the wait for the last answers
   * @param service processor time that the service used
   * @param load processor time that this process used
   */
  record Usage(@Nullable Footprint peak, Duration wall, Duration service, Duration load) {}

  static Rung of(double rate, Collection<Operation> operations, Measured measured, Usage usage) {
    RungFigures figures = new RungFigures();
    for (Operation operation : operations) {
      if (operation.scheduled() >= measured.from() && operation.scheduled() < measured.to()) {
        figures.count(operation, measured);
      }
    }
    figures.failed += measured.shed().size();
    long requests = figures.good.getTotalCount() + figures.refusals.getTotalCount() + figures.failed;
    double seconds = (measured.to() - measured.from()) / 1e9;
    double wall = usage.wall().toNanos();
    Footprint peak = usage.peak();
    return new Rung(
        rate, requests > 0 && figures.inTime >= NEEDED_SHARE * requests, requests,
        figures.good.getTotalCount() / seconds, millis(figures.good, 50), millis(figures.good, 99),
        figures.refusals.getTotalCount(), figures.failed, millis(figures.refusals, 99),
        peak == null ? null : peak.threads(), peak == null ? null : peak.residentBytes(),
        usage.service().toNanos() / wall, usage.load().toNanos() / wall, figures.queueGrew());
  }

  private void count(Operation operation, Measured measured) {
    switch (operation.outcome()) {
      case Outcome.Ok _ -> {
        long latency = operation.completed() - operation.scheduled();
        good.recordValue(latency);
        long quarter = 4 * (operation.scheduled() - measured.from()) / (measured.to() - measured.from());
        if (quarter == 0) {
          firstQuarter.recordValue(latency);
        } else if (quarter == 3) {
          lastQuarter.recordValue(latency);
        }
        inTime += latency < LIMIT_MILLIS * 1e6 ? 1 : 0;
      }
      case Outcome.Failed refused when refused.status() == SHED ->
        refusals.recordValue(operation.completed() - operation.invoked());
      case Outcome.Failed _,Outcome.Unknown _ -> failed++;
    }
  }

  private boolean queueGrew() {
    Double before = millis(firstQuarter, 50);
    Double after = millis(lastQuarter, 50);
    return before != null && after != null && after - before > MOST_GROWTH_MILLIS;
  }

  private static @Nullable Double millis(Histogram histogram, double percentile) {
    return histogram.getTotalCount() == 0 ? null : Double.valueOf(histogram.getValueAtPercentile(percentile) / 1e6);
  }

  /** The larger of each figure; processor time is not compared. */
  static Footprint peak(@Nullable Footprint one, Footprint other) {
    return one == null
        ? other
        : new Footprint(
            larger(one.threads(), other.threads()), larger(one.residentBytes(), other.residentBytes()),
            other.processorTime());
  }

  private static <T extends Comparable<T>> @Nullable T larger(@Nullable T one, @Nullable T other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.compareTo(other) > 0 ? one : other;
  }
}
