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
  void saysWhoLostWhatAtWhatPriceAndHowSoonItWasBack() {
    Summary headline = of(SampleResults.fourStrategies().runs());
    assertThat(headline.answer()).isEqualTo(
        "Redis, replicated and cookie lost nothing; affinity lost 41 sessions (187 items in their carts), as it"
            + " documents.");
    assertThat(headline.details()).containsExactly(
        "One node was killed during each run, without warning, and started again.",
        "Each of the four strategies kept the guarantee that it documents.",
        "Affinity documents: the owner's death loses its sessions.",
        "99 of 100 good answers came within 11.3 ms (cookie), 14.2 ms (affinity), 16.9 ms (redis) and 28.7 ms"
            + " (replicated).",
        "Sessions of the node that was hit had their state back after 33.1 ms (cookie), 41.2 ms (redis) and 469 ms"
            + " (replicated); not so, within the run, with affinity.");
  }

  @Test
  void claimsNoRecoveryWhereThereWasNoFault() {
    Summary headline = of(List.of(SampleResults.with(SampleResults.cookie(), List.of())));
    assertThat(headline.answer()).isEqualTo("Cookie lost nothing.");
    assertThat(headline.details()).containsExactly(
        "No fault was injected.",
        "Cookie kept the guarantee that it documents.",
        "99 of 100 good answers came within 11.3 ms.");
  }

  @Test
  void manyRunsAreCountedAndSpanned() {
    Summary headline = of(Collections.nCopies(12, SampleResults.redis()));
    assertThat(headline.answer()).isEqualTo("None of the twelve lost a session or an acknowledged write.");
    assertThat(headline.details()).contains("Each of the twelve runs kept the guarantee that its strategy documents.")
        .anyMatch(detail -> detail.contains("16.9 ms (redis #1) to 16.9 ms (redis #12)"));
  }

  @Test
  void theLossesOfManyRunsAreAddedUp() {
    Summary headline = of(Collections.nCopies(3, SampleResults.affinity()));
    assertThat(headline.answer()).isEqualTo(
        "Three lost 123 sessions (561 items in their carts) in all: affinity #1, affinity #2 and affinity #3, as"
            + " they document.");
    assertThat(headline.details()).containsOnlyOnce("Affinity documents: the owner's death loses its sessions.");
  }

  @Test
  void aLossThatIsDocumentedForTheFaultIsSaidToBeSo() {
    Summary headline = of(List.of(SampleResults.wiped()));
    assertThat(headline.answer()).isEqualTo("Replicated lost 98 sessions (412 items in their carts), as it documents.");
    assertThat(headline.details()).startsWith(
        "Three faults were injected during the run: wipe-all.",
        "Replicated kept the guarantee that it documents.",
        "Replicated documents: the minority side of a partition refuses writes; what the disks of a majority held is"
            + " lost with them.");
  }

  @Test
  void aLossThatIsNotDocumentedIsNotExcused() {
    Run broken = SampleResults.with(
        SampleResults.affinity(), new Verdict(7_412, 2, 41, 187, 0, 0, 0, 0, 0), false, List.of());
    Summary headline = of(List.of(broken));
    assertThat(headline.answer()).isEqualTo(
        "Affinity lost 41 sessions (187 items in their carts) and 2 acknowledged writes.");
    assertThat(headline.details()).noneMatch(detail -> detail.startsWith("Affinity documents"));
    assertThat(of(List.of(broken, SampleResults.affinity(), SampleResults.affinity())).answer())
        .doesNotContain("document");
  }

  @Test
  void aRunThatAnsweredNothingIsNotPraised() {
    Summary headline = of(List.of(SampleResults.silent(), SampleResults.cookie()));
    assertThat(headline.answer()).isEqualTo(
        "Cookie lost nothing; redis gave no good answer, so nothing is known of what was lost.");
    assertThat(headline.details()).contains("Cookie kept the guarantee that it documents.");
  }

  @Test
  void anOverloadedMachineIsNotTakenForASlowStrategy() {
    Run queued = SampleResults.with(SampleResults.redis(), new Latency(1_204, 5_000, 6_000, 7_000));
    assertThat(of(List.of(queued, SampleResults.cookie())).details())
        .anyMatch(detail -> detail.startsWith("The offered rate was more than this machine could serve with redis:"));
    assertThat(of(List.of(SampleResults.cookie())).details())
        .noneMatch(detail -> detail.contains("more than this machine"));
  }

  @Test
  void withNoRunsItSaysSo() {
    assertThat(of(List.of()).answer()).isEqualTo("Nothing was measured.");
  }

  private static Summary of(List<Run> runs) {
    Summary headline = Summary.of(NamedRun.of(SampleResults.of(runs)));
    return new Summary(
        headline.answer(),
        headline.details().stream().map(detail -> detail.replace('\u00a0', ' ')).toList());
  }
}
