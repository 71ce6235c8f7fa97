package dev.statecraft.lab.experiment.strategies.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Verdict;
import dev.statecraft.lab.load.Measurement.Latency;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  @Test
  void describesLossesLatencyAndRecovery() {
    Summary summary = of(SampleResults.fourStrategies().runs());
    assertThat(summary.answer()).isEqualTo(
        "Redis, replicated and cookie lost nothing; affinity lost 41 sessions (187 items in their carts), as"
            + " documented.");
    assertThat(summary.details()).containsExactly(
        "One node was killed during each run and restarted.",
        "Each of the four strategies kept its documented guarantee.",
        "Affinity documents: if a node is lost, its sessions are lost.",
        "99 of 100 good answers came within 11.3 ms (cookie), 14.2 ms (affinity), 16.9 ms (redis) and 28.7 ms"
            + " (replicated).",
        "The state of sessions of the targets recovered after 33.1 ms (cookie), 41.2 ms (redis) and 469 ms"
            + " (replicated); it did not recover with affinity.");
  }

  @Test
  void omitsRecoveryWithoutFault() {
    Summary summary = of(List.of(SampleResults.with(SampleResults.cookie(), List.of())));
    assertThat(summary.answer()).isEqualTo("Cookie lost nothing.");
    assertThat(summary.details()).containsExactly(
        "No fault was injected.", "Cookie kept its documented guarantee.",
        "99 of 100 good answers came within 11.3 ms.");
  }

  @Test
  void summarizesManyRuns() {
    Summary summary = of(Collections.nCopies(12, SampleResults.redis()));
    assertThat(summary.answer()).isEqualTo("None of the twelve lost a session or an acknowledged write.");
    assertThat(summary.details()).contains("Each of the twelve runs kept its documented guarantee.")
        .anyMatch(detail -> detail.contains("16.9 ms (redis #1) to 16.9 ms (redis #12)"));
  }

  @Test
  void addsUpLossesOfManyRuns() {
    Summary summary = of(Collections.nCopies(3, SampleResults.affinity()));
    assertThat(summary.answer()).isEqualTo(
        "Three lost 123 sessions (561 items in their carts) in total: affinity #1, affinity #2 and affinity #3, as"
            + " documented.");
    assertThat(summary.details()).containsOnlyOnce("Affinity documents: if a node is lost, its sessions are lost.");
  }

  @Test
  void marksDocumentedLosses() {
    Summary summary = of(List.of(SampleResults.wiped()));
    assertThat(summary.answer()).isEqualTo("Replicated lost 98 sessions (412 items in their carts), as documented.");
    assertThat(summary.details()).startsWith(
        "Three faults were injected during the run: wipe-all.", "Replicated kept its documented guarantee.",
        "Replicated documents: the minority side of a partition rejects writes; losing the disks of a majority loses"
            + " what they held.");
  }

  @Test
  void doesNotExcuseUndocumentedLosses() {
    Run broken = SampleResults.with(
        SampleResults.affinity(), new Verdict(7_412, 2, 41, 187, 0, 0, 0, 0, 0), false, List.of());
    Summary summary = of(List.of(broken));
    assertThat(summary.answer()).isEqualTo(
        "Affinity lost 41 sessions (187 items in their carts) and 2 acknowledged writes.");
    assertThat(summary.details()).noneMatch(detail -> detail.startsWith("Affinity documents"));
    assertThat(of(List.of(broken, SampleResults.affinity(), SampleResults.affinity())).answer())
        .doesNotContain("document");
  }

  @Test
  void reportsUnansweredRunAsUnknown() {
    Summary summary = of(List.of(SampleResults.unanswered(), SampleResults.cookie()));
    assertThat(summary.answer()).isEqualTo(
        "Cookie lost nothing; redis gave no good answer, so that losses are unknown.");
    assertThat(summary.details()).contains("Cookie kept its documented guarantee.");
  }

  @Test
  void detectsOverload() {
    Run queued = SampleResults.with(SampleResults.redis(), new Latency(1_204, 5_000, 6_000, 7_000));
    assertThat(of(List.of(queued, SampleResults.cookie())).details())
        .anyMatch(detail -> detail.startsWith("The offered rate exceeded the capacity of this machine with redis:"));
    assertThat(of(List.of(SampleResults.cookie())).details())
        .noneMatch(detail -> detail.contains("exceeded the capacity"));
  }

  @Test
  void reportsThatNothingWasMeasured() {
    assertThat(of(List.of()).answer()).isEqualTo("Nothing was measured.");
  }

  private static Summary of(List<Run> runs) {
    Summary summary = Summary.of(NamedRun.of(SampleResults.of(runs)));
    return new Summary(
        summary.answer(), summary.details().stream().map(detail -> detail.replace('\u00a0', ' ')).toList());
  }
}
