package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.balancing.SampleBalancing;
import dev.statecraft.lab.experiment.concurrency.SampleConcurrency;
import dev.statecraft.lab.report.ExperimentResults;
import java.util.List;
import java.util.stream.Stream;

/** One of each kind of comparison, with figures that are there and figures that there were none of. */
public final class SampleComparisons {
  private SampleComparisons() {}

  /** All kinds. */
  public static Stream<ExperimentResults> ofEveryKind() {
    return Stream.of(
        SampleResults.of(List.of(SampleResults.affinity(), SampleResults.silent())),
        SampleBalancing.of(SampleBalancing.run("fair", 3, 0, 12.0), SampleBalancing.run("ip-hash", 25, 7, null)),
        SampleConcurrency.of(
            SampleConcurrency.series("pool", "wait", 1_000, null),
            SampleConcurrency.series("event-loop", "cpu", 900, SampleConcurrency.past(950, 40, 8.0))));
  }
}
