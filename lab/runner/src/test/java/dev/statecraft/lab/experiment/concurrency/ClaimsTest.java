package dev.statecraft.lab.experiment.concurrency;

import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.MAX_IN_FLIGHT;
import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.past;
import static dev.statecraft.lab.experiment.concurrency.SampleConcurrency.series;
import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Claim;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Composed;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Processors;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.ClaimStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClaimsTest {
  @Test
  void tenTimesTheRateOfPoolHolds() {
    Claim claim = claim("virtual-threads sustains", 2, series("virtual-threads", "wait", 2_000, null),
        series("pool", "wait", 160, null));
    assertThat(claim.standing()).isEqualTo(ClaimStatus.HOLDS);
    assertThat(claim.figures()).contains("2,000 per second", "12.5 times");
  }

  /** At 2,000 per second the sample uses one of two CPUs, so that the machine allows 4,000. */
  @Test
  void lowerFactorIsExplainedByMachineCapacity() {
    Claim claim = claim("virtual-threads sustains", 2, series("virtual-threads", "wait", 2_000, null),
        series("pool", "wait", 1_000, null));
    assertThat(claim.standing()).isEqualTo(ClaimStatus.EXPLAINED);
    assertThat(claim.figures()).contains("0.50 ms of CPU time", "two CPUs: at most 4,000 requests per second");
  }

  @Test
  void lowerFactorWithSpareCapacityIsBroken() {
    assertThat(claim("event-loop sustains", 32, series("event-loop", "wait", 2_000, null),
        series("pool", "wait", 1_000, null)).standing()).isEqualTo(ClaimStatus.BROKEN);
  }

  /** 1,000 requests in flight of 100 ms each allow 10,000 per second. */
  @Test
  void lowerFactorIsExplainedByRequestBound() {
    Claim claim = claim("event-loop sustains", 32, series("event-loop", "wait", 9_000, null),
        series("pool", "wait", 1_900, null));
    assertThat(claim.standing()).isEqualTo(ClaimStatus.EXPLAINED);
    assertThat(claim.figures()).contains("1,000 requests in flight", "at most 10,000 requests per second");
  }

  @Test
  void iterativeSustainsFewerThanTenPerSecond() {
    assertThat(claim("iterative", 2, series("iterative", "wait", 9, null)).standing()).isEqualTo(ClaimStatus.HOLDS);
    assertThat(claim("iterative", 2, series("iterative", "wait", 11, null)).standing()).isEqualTo(ClaimStatus.BROKEN);
    assertThat(claim("iterative", 2).standing()).isEqualTo(ClaimStatus.UNMEASURED);
  }

  /** At a capacity of 9.84 per second, 10.5 delay the last quarter of two seconds by 100 ms more than the first. */
  @Test
  void shortStepCannotRefuteThatIterativeIsSlow() {
    Claim claim = claim("iterative", 2, series("iterative", "wait", 10.5, 2.0));
    assertThat(claim.standing()).isEqualTo(ClaimStatus.UNDECIDED);
    assertThat(claim.figures()).contains("2.00 s is too short to decide", "as little as 9.84 per second", "--rung");
    assertThat(claim("iterative", 2, series("iterative", "wait", 10.5, 4.0)).standing()).isEqualTo(ClaimStatus.BROKEN);
    assertThat(claim("iterative", 2, series("iterative", "wait", 12, 2.0)).standing()).isEqualTo(ClaimStatus.BROKEN);
    assertThat(claim("iterative", 2, series("iterative", "wait", 9, 0.5)).standing()).isEqualTo(ClaimStatus.HOLDS);
  }

  @Test
  void factorNearTenNeedsLongerSteps() {
    for (double rate : List.of(1_950.0, 2_000.0, 2_050.0)) {
      Claim claim = claim("event-loop sustains", 32, series("event-loop", "wait", rate, 2.0),
          series("pool", "wait", 200, 2.0));
      assertThat(claim.standing()).as("%s", rate).isEqualTo(ClaimStatus.UNDECIDED);
      assertThat(claim.figures()).contains("too short to decide", "times");
    }
    assertThat(claim("event-loop sustains", 32, series("event-loop", "wait", 2_050, 60.0),
        series("pool", "wait", 200, 60.0)).standing()).isEqualTo(ClaimStatus.HOLDS);
  }

  @Test
  void fewRequestsDoNotDecideOverload() {
    RateStep brief = new RateStep(100, false, 60, 20, 1.0, 1.0, 20, 0, 20.0, 10, 1L << 20, 1, 1, false, 20.0, null);
    Claim claim = claim("twice its highest rate, pool", 8, series("pool", "wait", 100, brief));
    assertThat(claim.standing()).isEqualTo(ClaimStatus.UNDECIDED);
    assertThat(claim.figures()).contains("only 60 requests", "--past");
  }

  @Test
  void overloadNeedsThroughputAndFastRejections() {
    assertThat(pool(180, 20.0).standing()).isEqualTo(ClaimStatus.HOLDS);
    assertThat(pool(180, null).standing()).as("nothing rejected").isEqualTo(ClaimStatus.HOLDS);
    assertThat(pool(100, 20.0).standing()).as("collapsed").isEqualTo(ClaimStatus.BROKEN);
    assertThat(pool(180, 120.0).standing()).as("late 503").isEqualTo(ClaimStatus.BROKEN);
  }

  @Test
  void overloadAllowsFewFailures() {
    assertThat(claim("twice its highest rate, pool", 8,
        series("pool", "wait", 100, past(180, 0, 9, null))).standing()).isEqualTo(ClaimStatus.HOLDS);
    assertThat(claim("twice its highest rate, pool", 8,
        series("pool", "wait", 100, past(180, 0, 520, null))).standing()).isEqualTo(ClaimStatus.BROKEN);
  }

  /** The sample uses two CPUs at overload. */
  @Test
  void lateRejectionsAreExplainedBySaturation() {
    Claim claim = claim("twice its highest rate, pool", 2, series("pool", "wait", 100, past(180, 500, 120.0)));
    assertThat(claim.standing()).isEqualTo(ClaimStatus.EXPLAINED);
    assertThat(claim.figures()).contains("used 2.00 of two CPUs");
    assertThat(claim("twice its highest rate, pool", 2, series("pool", "cpu", 100, past(180, 500, 20.0)),
        series("pool", "wait", 100, past(180, 500, 20.0))).standing()).isEqualTo(ClaimStatus.HOLDS);
  }

  /** At 2,000 per second the sample's service uses 0.7 CPUs and its load generator 0.3. */
  @Test
  void reservedCpusLimitTheReachableRate() {
    Claim claim = claim("virtual-threads sustains", new Processors(3, 2, 1),
        series("virtual-threads", "wait", 2_000, null), series("pool", "wait", 1_000, null));
    assertThat(claim.standing()).isEqualTo(ClaimStatus.EXPLAINED);
    assertThat(claim.figures()).contains("0.35 ms of the service's CPU time and 0.15 ms of the load generator's",
        "two CPUs and one CPU: at most 5,714 requests per second");
  }

  /** At overload the sample's service and load generator use one CPU each. */
  @Test
  void reservedCpusExcuseOnlySaturatedLoadGenerator() {
    Series late = series("pool", "wait", 100, past(180, 500, 120.0));
    Claim saturated = claim("twice its highest rate, pool", new Processors(2, 1, 1), late);
    assertThat(saturated.standing()).isEqualTo(ClaimStatus.EXPLAINED);
    assertThat(saturated.figures()).contains("the load generator used 1.00 of its one CPU");
    assertThat(claim("twice its highest rate, pool", new Processors(4, 1, 3), late).standing())
        .isEqualTo(ClaimStatus.BROKEN);
  }

  @Test
  void composedCallsAreComparedWithOne() {
    assertThat(composed("sequential", 300)).isEqualTo(ClaimStatus.HOLDS);
    assertThat(composed("sequential", 150)).isEqualTo(ClaimStatus.BROKEN);
    assertThat(composed("parallel with zip", 120)).isEqualTo(ClaimStatus.HOLDS);
    assertThat(composed("parallel with zip", 140)).isEqualTo(ClaimStatus.BROKEN);
  }

  @Test
  void namesTerminatedProcess() {
    Series terminated = new Series("pool", "cpu", "/work", List.of(), null, false);
    Claim claim = claim("memory", 2, terminated);
    assertThat(claim.standing()).isEqualTo(ClaimStatus.BROKEN);
    assertThat(claim.figures()).contains("pool cpu");
  }

  private static Claim pool(double goodPerSecond, @Nullable Double rejectionMillis) {
    // The best throughput of the sample is twice the sustained rate.
    return claim("twice its highest rate, pool", 8,
        series("pool", "wait", 100, past(goodPerSecond, 500, rejectionMillis)));
  }

  private static ClaimStatus composed(String composition, double millis) {
    String claim = composition.startsWith("seq") ? "sequential" : "concurrent";
    return Claims
        .of(List.of(), List.of(new Composed("any", composition, millis, 100)), Processors.shared(2), MAX_IN_FLIGHT)
        .stream()
        .filter(claimed -> claimed.claim().contains(claim)).findFirst().orElseThrow().standing();
  }

  private static Claim claim(String part, int processors, Series... series) {
    return claim(part, Processors.shared(processors), series);
  }

  private static Claim claim(String part, Processors processors, Series... series) {
    return Claims.of(List.of(series), List.of(), processors, MAX_IN_FLIGHT).stream()
        .filter(claimed -> claimed.claim().contains(part))
        .findFirst().orElseThrow();
  }
}
