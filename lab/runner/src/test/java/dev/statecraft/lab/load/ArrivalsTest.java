package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
  private static final long MILLISECOND = 1_000_000;

  @Test
  void rateRisesLinearlyDuringRampUp() {
    Arrivals arrivals = arrivals(Duration.ofSeconds(20));

    assertThat(arrivals.due(0)).isZero();
    assertThat(arrivals.due(125)).as("a quarter of the ramp-up's requests after half of its time")
        .isCloseTo(5_000 * MILLISECOND, within(MILLISECOND));
    assertThat(LongStream.range(1, arrivals.count())).allMatch(index -> arrivals.due(index) > arrivals.due(index - 1));
  }

  @Test
  void rateIsConstantAfterRampUp() {
    Arrivals arrivals = arrivals(Duration.ofSeconds(20));

    assertThat(arrivals.due(500)).isCloseTo(10_000 * MILLISECOND, within(MILLISECOND));
    assertThat(arrivals.due(1_500)).as("measuring begins").isCloseTo(20_000 * MILLISECOND, within(MILLISECOND));
    assertThat(LongStream.range(501, arrivals.count()))
        .allSatisfy(
            index -> assertThat(arrivals.due(index) - arrivals.due(index - 1)).isCloseTo(10 * MILLISECOND,
                within(1_000L)));
    assertThat(arrivals.count()).isEqualTo(2_000);
  }

  @Test
  void rateIsConstantWithoutWarmUp() {
    Arrivals arrivals = arrivals(Duration.ZERO);

    assertThat(arrivals.count()).isEqualTo(500);
    assertThat(arrivals.due(7)).isEqualTo(70 * MILLISECOND);
  }

  private static Arrivals arrivals(Duration warmUp) {
    return new Arrivals(100, warmUp, Duration.ofSeconds(5));
  }
}
