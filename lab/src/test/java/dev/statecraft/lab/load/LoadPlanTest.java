package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoadPlanTest {
  private static final long MILLISECOND = 1_000_000;

  @Test
  void rateClimbsEvenlyDuringTheFirstHalfOfTheWarmUp() {
    LoadPlan plan = plan(Duration.ofSeconds(20));

    assertThat(plan.due(0)).isZero();
    assertThat(plan.due(125)).as("a quarter of the climb's requests by half of its time")
        .isCloseTo(5_000 * MILLISECOND, within(MILLISECOND));
    assertThat(LongStream.range(1, plan.arrivals())).allMatch(index -> plan.due(index) > plan.due(index - 1));
  }

  @Test
  void rateIsConstantLongBeforeMeasuringBegins() {
    LoadPlan plan = plan(Duration.ofSeconds(20));

    assertThat(plan.due(500)).isCloseTo(10_000 * MILLISECOND, within(MILLISECOND));
    assertThat(plan.due(1_500)).as("measuring begins").isCloseTo(20_000 * MILLISECOND, within(MILLISECOND));
    assertThat(LongStream.range(501, plan.arrivals()))
        .allSatisfy(
            index -> assertThat(plan.due(index) - plan.due(index - 1)).isCloseTo(10 * MILLISECOND, within(1_000L)));
    assertThat(plan.arrivals()).isEqualTo(2_000);
  }

  @Test
  void planWithoutWarmUpIsConstantFromTheStart() {
    LoadPlan plan = plan(Duration.ZERO);

    assertThat(plan.arrivals()).isEqualTo(500);
    assertThat(plan.due(7)).isEqualTo(70 * MILLISECOND);
  }

  private static LoadPlan plan(Duration warmUp) {
    return new LoadPlan(100, warmUp, Duration.ofSeconds(5), 10, 1, Duration.ofSeconds(2), Mix.SHOPPING, 20);
  }
}
