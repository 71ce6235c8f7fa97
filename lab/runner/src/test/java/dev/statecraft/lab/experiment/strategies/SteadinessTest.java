package dev.statecraft.lab.experiment.strategies;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.experiment.strategies.Steadiness.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SteadinessTest {
  @Test
  void constantThroughputIsSteadyOnceItCanBeCompared() {
    assertThat(Steadiness.isSteady(constant(2 * Steadiness.WINDOW - 1, 0.0))).isFalse();
    assertThat(Steadiness.isSteady(constant(2 * Steadiness.WINDOW, 0.0))).isTrue();
  }

  @Test
  void busyCompilerIsNotSteady() {
    assertThat(Steadiness.isSteady(constant(30, 0.5))).isFalse();
    assertThat(Steadiness.isSteady(constant(30, null))).as("unknown").isTrue();
  }

  @Test
  void silentClusterIsNeverSteady() {
    assertThat(Steadiness.isSteady(samples(DoubleStream.generate(() -> 0).limit(30).toArray()))).isFalse();
  }

  @Test
  void fallAfterOtherLoadIsSteady() {
    assertThat(Steadiness.isSteady(samples(9, 9, 9, 9, 9, 8, 8, 9, 8, 8))).isTrue();
  }

  @Property
  void risingThroughputIsNotSteady(@ForAll @DoubleRange(min = 1.02, max = 2) double factor,
      @ForAll @IntRange(min = 10, max = 60) int seconds) {
    double[] rising = DoubleStream.iterate(100, value -> value * factor).limit(seconds).toArray();
    assertThat(Steadiness.isSteady(samples(rising))).isFalse();
  }

  @Test
  void compilersAreThoseOfTheLastSeconds() {
    List<Sample> samples = new ArrayList<>(constant(10, 1.5));
    samples.addAll(constant(Steadiness.WINDOW, 0.1));
    assertThat(Steadiness.compilerProcessors(samples)).isCloseTo(0.1, Offset.offset(1e-9));
    assertThat(Steadiness.compilerProcessors(List.of())).isNull();
  }

  private static List<Sample> constant(int seconds, @Nullable Double compilers) {
    List<Sample> samples = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      samples.add(new Sample(1_000, compilers));
    }
    return samples;
  }

  private static List<Sample> samples(double... goodPerSecond) {
    return DoubleStream.of(goodPerSecond).mapToObj(good -> new Sample(good, null)).toList();
  }
}
