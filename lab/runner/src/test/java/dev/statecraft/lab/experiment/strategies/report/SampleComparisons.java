package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.balancing.SampleBalancing;
import dev.statecraft.lab.experiment.concurrency.SampleConcurrency;
import dev.statecraft.lab.report.ExperimentResults;
import java.util.List;
import java.util.stream.Stream;

/** Results of each kind of comparison, with present and missing figures. */
public final class SampleComparisons {
  private SampleComparisons() {}

  public static Stream<ExperimentResults> ofEveryKind() {
    return Stream.of(
        SampleResults.of(List.of(SampleResults.affinity(), SampleResults.unanswered())),
        SampleBalancing.of(SampleBalancing.run("fair", 3, 0, 12.0), SampleBalancing.run("ip-hash", 25, 7, null)),
        SampleConcurrency.of(
            SampleConcurrency.series("pool", "wait", 1_000, null),
            SampleConcurrency.series("event-loop", "cpu", 900, SampleConcurrency.past(950, 40, 8.0))));
  }
}
