package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.load.Measurement.Latency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy did in rounds without faults, after the warm-up and before its faults.
 *
 * @param seconds how long each round was measured
 * @param notInterleaved why the rounds of a strategy followed each other; null if the strategies took turns
 * @param each the rounds, in their order
 * @param p50Millis of the p50 of each round; null if a round had no good answer
 * @param p99Millis of the p99 of each round; null if a round had no good answer
 * @param throughputPerSecond of the good answers per second of each round
 * @param cpuMicrosPerRequest of the CPU time of gateway, nodes and store for each request; null if unknown
 */
public record Rounds(double seconds, @Nullable String notInterleaved, List<Round> each, @Nullable Spread p50Millis,
    @Nullable Spread p99Millis, @Nullable Spread throughputPerSecond, @Nullable Spread cpuMicrosPerRequest) {
  /** The rounds with the spread of each figure. */
  public static Rounds of(double seconds, @Nullable String notInterleaved, List<Round> each) {
    return new Rounds(seconds, notInterleaved, each,
        Spread.of(each, round -> round.latencyMillis() == null ? null : (Double) round.latencyMillis().p50()),
        Spread.of(each, round -> round.latencyMillis() == null ? null : (Double) round.latencyMillis().p99()),
        Spread.of(each, Round::throughputPerSecond),
        Spread.of(each, round -> round.cpuMicros() == null ? null : (Double) round.cpuMicros().cluster()));
  }

  /**
   * One round.
   *
   * @param errors requests without a 2xx answer
   * @param latencyMillis of good answers; null without one
   * @param cpuMicros CPU time for each request; null if unknown
   */
  public record Round(long requests, long errors, double throughputPerSecond, @Nullable Latency latencyMillis,
      @Nullable CpuMicros cpuMicros) {}

  /**
   * The CPU time for each request, in microseconds.
   *
   * @param store the servers that the nodes share; 0 without any
   * @param client the process that sent the requests
   */
  public record CpuMicros(double gateway, double nodes, double store, double client) {
    /** All but the client. */
    double cluster() {
      return gateway + nodes + store;
    }
  }

  /** The median, lowest and highest value of a figure over the rounds. */
  public record Spread(double median, double min, double max) {
    static @Nullable Spread of(List<Round> rounds, Function<Round, @Nullable Double> figure) {
      List<Double> values = new ArrayList<>();
      for (Round round : rounds) {
        Double value = figure.apply(round);
        if (value == null) {
          return null;
        }
        values.add(value);
      }
      return values.isEmpty() ? null : of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The spread of at least one value. */
    static Spread of(double... values) {
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      int last = sorted.length - 1;
      return new Spread((sorted[last / 2] + sorted[(last + 1) / 2]) / 2, sorted[0], sorted[last]);
    }

    boolean overlaps(Spread other) {
      return min <= other.max && other.min <= max;
    }
  }
}
