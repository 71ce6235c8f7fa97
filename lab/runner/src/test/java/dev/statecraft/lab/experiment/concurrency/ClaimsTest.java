package dev.statecraft.lab.experiment.concurrency;

import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.MAX_UNDER_WAY;
import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.past;
import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.series;
import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Claim;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  @Test
  void tenTimesTheRateOfAPoolHolds() {
    Claim claim = claim("virtual-threads keeps", 2, series("virtual-threads", "wait", 2_000, null),
        series("pool", "wait", 200, null));
    assertThat(claim.standing()).isEqualTo(Standing.HOLDS);
    assertThat(claim.figures()).contains("2,000 a second", "10.0 times");
  }

  /** At 2,000 a second the sample keeps one of two processors busy, so that 4,000 is all that the machine has. */
  @Test
  void fewerTimesAreExplainedWhereTheMachineCannotGiveMore() {
    Claim claim = claim("virtual-threads keeps", 2, series("virtual-threads", "wait", 2_000, null),
        series("pool", "wait", 1_000, null));
    assertThat(claim.standing()).isEqualTo(Standing.EXPLAINED);
    assertThat(claim.figures()).contains("0.50 ms of processor time", "two processors: at most 4,000 a second");
  }

  @Test
  void fewerTimesAreBrokenWhereTheMachineCouldGiveMore() {
    assertThat(claim("event-loop keeps", 32, series("event-loop", "wait", 2_000, null),
        series("pool", "wait", 1_000, null)).standing()).isEqualTo(Standing.BROKEN);
  }

  /** A thousand requests of a tenth of a second are ten thousand a second. */
  @Test
  void fewerTimesAreExplainedWhereTheBoundOfRequestsForbidsMore() {
    Claim claim = claim("event-loop keeps", 32, series("event-loop", "wait", 9_000, null),
        series("pool", "wait", 1_900, null));
    assertThat(claim.standing()).isEqualTo(Standing.EXPLAINED);
    assertThat(claim.figures()).contains("1,000 requests under way", "at most 10,000 a second");
  }

  @Test
  void iterativeIsHeldToItsTenASecond() {
    assertThat(claim("iterative", 2, series("iterative", "wait", 9, null)).standing()).isEqualTo(Standing.HOLDS);
    assertThat(claim("iterative", 2, series("iterative", "wait", 11, null)).standing()).isEqualTo(Standing.BROKEN);
    assertThat(claim("iterative", 2).standing()).isEqualTo(Standing.UNMEASURED);
  }

  @Test
  void pastTheLimitAModelMustAnswerOnAndRefusePromptly() {
    assertThat(pool(180, 20.0).standing()).isEqualTo(Standing.HOLDS);
    assertThat(pool(180, null).standing()).as("nothing refused").isEqualTo(Standing.HOLDS);
    assertThat(pool(100, 20.0).standing()).as("collapsed").isEqualTo(Standing.BROKEN);
    assertThat(pool(180, 120.0).standing()).as("late 503").isEqualTo(Standing.BROKEN);
  }

  @Test
  void whatFailsPastTheLimitIsNotShed() {
    assertThat(claim("twice its highest rate, pool", 8,
        series("pool", "wait", 100, past(180, 0, 9, null))).standing()).isEqualTo(Standing.HOLDS);
    assertThat(claim("twice its highest rate, pool", 8,
        series("pool", "wait", 100, past(180, 0, 520, null))).standing()).isEqualTo(Standing.BROKEN);
  }

  /** The sample keeps two processors busy past the limit. */
  @Test
  void lateRefusalsAreExplainedWhereNoProcessorIsLeft() {
    Claim claim = claim("twice its highest rate, pool", 2, series("pool", "wait", 100, past(180, 500, 120.0)));
    assertThat(claim.standing()).isEqualTo(Standing.EXPLAINED);
    assertThat(claim.figures()).contains("2.00 of two processors busy");
    assertThat(claim("twice its highest rate, pool", 2, series("pool", "cpu", 100, past(180, 500, 20.0)),
        series("pool", "wait", 100, past(180, 500, 20.0))).standing()).isEqualTo(Standing.HOLDS);
  }

  /** At 2,000 a second the sample keeps 0.7 processors busy with the service, and 0.3 with the load. */
  @Test
  void withProcessorsOfItsOwnTheServiceReachesWhatTheyGiveIt() {
    Claim claim = claim("virtual-threads keeps", new Processors(3, 2, 1),
        series("virtual-threads", "wait", 2_000, null),
        series("pool", "wait", 1_000, null));
    assertThat(claim.standing()).isEqualTo(Standing.EXPLAINED);
    assertThat(claim.figures()).contains("0.35 ms of the service's processor time and 0.15 ms of the load's",
        "two processors and one processor: at most 5,714 a second");
  }

  /** The sample keeps one processor busy with the service past the limit, and one with the load. */
  @Test
  void withProcessorsOfItsOwnTheServiceIsExcusedOnlyByALoadThatHadNoneToSpare() {
    Series late = series("pool", "wait", 100, past(180, 500, 120.0));
    Claim lateItself = claim("twice its highest rate, pool", new Processors(2, 1, 1), late);
    assertThat(lateItself.standing()).isEqualTo(Standing.EXPLAINED);
    assertThat(lateItself.figures()).contains("the load kept 1.00 of its own one processor busy");
    assertThat(claim("twice its highest rate, pool", new Processors(4, 1, 3), late).standing())
        .isEqualTo(Standing.BROKEN);
  }

  @Test
  void composedCallsAreHeldAgainstOne() {
    assertThat(composed("sequential", 300)).isEqualTo(Standing.HOLDS);
    assertThat(composed("sequential", 150)).isEqualTo(Standing.BROKEN);
    assertThat(composed("parallel with zip", 120)).isEqualTo(Standing.HOLDS);
    assertThat(composed("parallel with zip", 140)).isEqualTo(Standing.BROKEN);
  }

  @Test
  void processThatDiedIsNamed() {
    Series dead = new Series("pool", "cpu", "/work", List.of(), null, false);
    Claim claim = claim("memory", 2, dead);
    assertThat(claim.standing()).isEqualTo(Standing.BROKEN);
    assertThat(claim.figures()).contains("pool cpu");
  }

  private static Claim pool(double goodPerSecond, @Nullable Double refusalMillis) {
    // The best of the sample's ladder is twice what was kept.
    return claim("twice its highest rate, pool", 8,
        series("pool", "wait", 100, past(goodPerSecond, 500, refusalMillis)));
  }

  private static Standing composed(String composition, double millis) {
    String claim = composition.startsWith("seq") ? "one after another" : "at once";
    return Claims
        .of(List.of(), List.of(new Composed("any", composition, millis, 100)), Processors.shared(2), MAX_UNDER_WAY)
        .stream()
        .filter(one -> one.claim().contains(claim)).findFirst().orElseThrow().standing();
  }

  private static Claim claim(String part, int processors, Series... series) {
    return claim(part, Processors.shared(processors), series);
  }

  private static Claim claim(String part, Processors processors, Series... series) {
    return Claims.of(List.of(series), List.of(), processors, MAX_UNDER_WAY).stream()
        .filter(one -> one.claim().contains(part))
        .findFirst().orElseThrow();
  }
}
