package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.Series;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {
  private final List<Double> tried = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(doubles = {1.3, 4, 9.9, 20, 21, 150, 333, 1_999, 12_345})
  void findsHighestRateWithinAFifth(double capacity) throws Exception {
    double highest = search(capacity, 50_000);
    assertThat(highest).isLessThanOrEqualTo(capacity).isGreaterThan(capacity / 1.2);
    assertThat(tried).hasSizeLessThan(18);
  }

  @Test
  void givesUpIfNoRateIsSustained() throws Exception {
    assertThat(new RateSearch(20, 50_000, 3).run(rate -> step(rate, 0))).noneMatch(RateStep::kept).hasSizeLessThan(5);
  }

  @Test
  void singleMissIsRetried() throws Exception {
    List<RateStep> steps = new RateSearch(20, 100, 0).run(rate -> step(rate, tried.contains(80.0) ? 100 : 20));
    assertThat(steps).allMatch(RateStep::kept).extracting(RateStep::offeredPerSecond).containsExactly(20.0, 80.0);
  }

  @Test
  void missWhileCompilingIsRetried() throws Exception {
    List<RateStep> steps = new RateSearch(20, 100, 0).run(rate -> {
      boolean warm = tried.size() >= RateSearch.MAX_TRIES - 1;
      return compiling(step(rate, warm ? 100 : 0), warm ? 0 : 2 * RateSearch.MAX_WARM_COMPILER_CPUS);
    });
    assertThat(steps).allMatch(RateStep::kept).extracting(RateStep::offeredPerSecond).containsExactly(20.0, 80.0);
    assertThat(tried).containsExactly(20.0, 20.0, 20.0, 20.0, 20.0, 80.0);
  }

  @Test
  void retriesAreBoundedWhileCompiling() throws Exception {
    List<RateStep> steps = new RateSearch(20, 20, 0)
        .run(rate -> compiling(step(rate, 0), 2 * RateSearch.MAX_WARM_COMPILER_CPUS));
    assertThat(steps).noneMatch(RateStep::kept);
    assertThat(tried.stream().filter(rate -> rate == 20)).hasSize(RateSearch.MAX_TRIES);
  }

  @Test
  void warmServiceMissesRateAfterTwoTries() throws Exception {
    new RateSearch(20, 20, 0).run(rate -> compiling(step(rate, 0), RateSearch.MAX_WARM_COMPILER_CPUS));
    assertThat(tried.stream().filter(rate -> rate == 20)).hasSize(2);
  }

  @Test
  void triesNoRateBeyondMax() throws Exception {
    assertThat(search(1e9, 1_000)).isCloseTo(320, within(0.1));
    assertThat(tried).allMatch(rate -> rate <= 1_000);
  }

  private double search(double capacity, double max) throws Exception {
    List<RateStep> steps = new RateSearch(20, max, 3).run(rate -> step(rate, capacity));
    return new Series("any", "any", "/any", steps, null, true).highestSustained().orElseThrow().offeredPerSecond();
  }

  private RateStep step(double rate, double capacity) {
    tried.add(rate);
    return new RateStep(rate, rate <= capacity, 1, rate, 1.0, 1.0, 0, 0, null, null, null, 1, 1, false, null, null);
  }

  private static RateStep compiling(RateStep step, double processors) {
    return new RateStep(step.offeredPerSecond(), step.kept(), 1, step.goodPerSecond(), 1.0, 1.0, 0, 0, null, null, null,
        1, 1, false, null, processors);
  }
}
