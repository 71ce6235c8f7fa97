package dev.statecraft.lab.load;

import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import dev.statecraft.lab.history.Outcome;
import dev.statecraft.lab.load.OpenLoop.Measured;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The figures of the requests that were due in the measured part of a run, whenever they were answered.
 *
 * @param requests requests due, including shed ones
 * @param errors requests without a good answer
 * @param unknown requests that may or may not have taken effect
 * @param throughputPerSecond good answers per second
 * @param latencyMillis latency of good answers; null without one
 */
public record Measurement(long requests, long errors, long unknown, double throughputPerSecond,
    @Nullable Latency latencyMillis, Timeline timeline) {
  /** Latency from when the request was due, in milliseconds, so that waiting in a queue counts. */
  public record Latency(double p50, double p99, double p999, double maximum) {}

  /** Element i of each list covers the interval from {@code i * intervalMillis}; null without a good answer. */
  public record Timeline(int intervalMillis, List<Long> requests, List<Long> errors, List<@Nullable Double> p50,
      List<@Nullable Double> p99) {}

  private static final int SIGNIFICANT_DIGITS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Computes the figures, with one timeline element per {@code intervalMillis}. */
  public static Measurement of(History history, Measured measured, int intervalMillis) {
    Histogram all = new Histogram(SIGNIFICANT_DIGITS);
    List<Interval> intervals = new ArrayList<>();
    long width = intervalMillis * 1_000_000L;
    for (long start = measured.from(); start < measured.to(); start += width) {
      intervals.add(new Interval());
    }
    long errors = measured.shed().size();
    long unknown = 0;
    long good = 0;
    for (Operation operation : history.operations()) {
      if (operation.scheduled() >= measured.from() && operation.scheduled() < measured.to()) {
        Interval interval = intervals.get((int) ((operation.scheduled() - measured.from()) / width));
        interval.requests++;
        if (operation.outcome() instanceof Outcome.Ok) {
          long latency = operation.completed() - operation.scheduled();
          all.recordValue(latency);
          interval.latencies.recordValue(latency);
          good++;
        } else {
          interval.errors++;
          errors++;
          unknown += operation.outcome() instanceof Outcome.Unknown ? 1 : 0;
        }
      }
    }
    for (long due : measured.shed()) {
      Interval interval = intervals.get((int) ((due - measured.from()) / width));
      interval.requests++;
      interval.errors++;
    }
    double seconds = (measured.to() - measured.from()) / 1e9;
    return new Measurement(good + errors, errors, unknown, good / seconds, latency(all),
        new Timeline(intervalMillis, intervals.stream().map(interval -> interval.requests).toList(),
            intervals.stream().map(interval -> interval.errors).toList(), percentiles(intervals, 50),
            percentiles(intervals, 99)));
  }

  private static @Nullable Latency latency(Histogram histogram) {
    return histogram.getTotalCount() == 0
        ? null
        : new Latency(millis(histogram, 50), millis(histogram, 99), millis(histogram, 99.9), millis(histogram, 100));
  }

  private static List<@Nullable Double> percentiles(List<Interval> intervals, double percentile) {
    List<@Nullable Double> points = new ArrayList<>();
    for (Interval interval : intervals) {
      points.add(interval.latencies.getTotalCount() == 0 ? null : millis(interval.latencies, percentile));
    }
    return points;
  }

  private static double millis(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  private static final class Interval {
    private final Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);
    private long requests;
    private long errors;
  }
}
