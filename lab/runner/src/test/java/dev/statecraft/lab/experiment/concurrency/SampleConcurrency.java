package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.report.Machine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Invented results for report tests. */
public final class SampleConcurrency {
  static final int MAX_IN_FLIGHT = 1_000;

  static final List<Composed> COMPOSITIONS = List.of(
      new Composed("stateless-service", "sequential", 305, 101),
      new Composed("stateless-service", "parallel with virtual-threads", 104, 101));

  private SampleConcurrency() {}

  public static ConcurrencyResults of(Series... series) {
    return of(Processors.shared(2), series);
  }

  public static ConcurrencyResults of(Processors processors, Series... series) {
    List<Series> all = List.of(series);
    return new ConcurrencyResults(
        ConcurrencyResults.SCHEMA, Instant.parse("2026-05-04T03:02:01Z"), "./statecraft compare concurrency",
        new Machine("Linux", 2, 8L << 30, "25"), 500, 2_000, all, COMPOSITIONS,
        Claims.of(all, COMPOSITIONS, processors, MAX_IN_FLIGHT), processors, MAX_IN_FLIGHT);
  }

  /** A model that sustains a rate but no higher one. */
  public static Series series(String model, String workload, double sustained, @Nullable RateStep past) {
    return new Series(
        model, workload, "/work",
        List.of(step(sustained / 4, true, 101), step(sustained, true, 110), step(sustained * 2, false, 900)),
        past, true);
  }

  /** The same with steps of so many seconds. */
  static Series series(String model, String workload, double sustained, double seconds) {
    return new Series(model, workload, "/work",
        List.of(step(sustained, true, 110, seconds), step(sustained * 2, false, 900, seconds)), null, true);
  }

  public static RateStep past(double goodPerSecond, long refused, @Nullable Double refusalP99Millis) {
    return past(goodPerSecond, refused, 0, refusalP99Millis);
  }

  public static RateStep past(double goodPerSecond, long refused, long failed, @Nullable Double refusalP99Millis) {
    return new RateStep(100, false, 1_000, goodPerSecond, 1.0, 1.0, refused, failed, refusalP99Millis, 10, 1L << 20, 1,
        1, false, goodPerSecond, null);
  }

  private static RateStep step(double rate, boolean kept, double p99) {
    return step(rate, kept, p99, 4);
  }

  private static RateStep step(double rate, boolean kept, double p99, double seconds) {
    return new RateStep(rate, kept, Math.round(rate * seconds), rate, 100.0, p99, 0, 0, null, 42, 128L << 20, 0.7, 0.3,
        false, rate, null);
  }
}
