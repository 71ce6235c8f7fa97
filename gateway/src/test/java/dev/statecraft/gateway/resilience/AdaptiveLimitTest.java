package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.resilience.AdaptiveLimit.Algorithm;
import dev.statecraft.gateway.resilience.AdaptiveLimit.Bounds;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdaptiveLimitTest {
  private static final long MILLI = 1_000_000;
  private long now;

  @Test
  void offAdmitsAll() {
    AdaptiveLimit limit = new AdaptiveLimit(Bounds.OFF);
    for (int i = 0; i < 10_000; i++) {
      assertThat(limit.tryAcquire()).isTrue();
    }
    assertThat(limit.current()).isZero();
  }

  @ParameterizedTest
  @EnumSource(value = Algorithm.class, names = "OFF", mode = EnumSource.Mode.EXCLUDE)
  void growsWhileNodeAnswersFast(Algorithm algorithm) {
    AdaptiveLimit limit = limit(algorithm);
    rounds(limit, 300, 10 * MILLI);
    assertThat(limit.current()).isGreaterThan(20);
  }

  @ParameterizedTest
  @EnumSource(value = Algorithm.class, names = "OFF", mode = EnumSource.Mode.EXCLUDE)
  void fallsWhenNodeAnswersTenTimesSlower(Algorithm algorithm) {
    AdaptiveLimit limit = limit(algorithm);
    rounds(limit, 100, 15 * MILLI);
    int before = limit.current();
    rounds(limit, 5, 150 * MILLI);
    assertThat(limit.current()).isLessThan(before);
  }

  @ParameterizedTest
  @EnumSource(value = Algorithm.class, names = "OFF", mode = EnumSource.Mode.EXCLUDE)
  void fallsWhenNodeDoesNotAnswer(Algorithm algorithm) {
    AdaptiveLimit limit = limit(algorithm);
    rounds(limit, 100, 15 * MILLI);
    int before = limit.current();
    fill(limit);
    while (limit.waiting() > 0) {
      now += MILLI;
      limit.dropped(now - 1_000 * MILLI, 1_000 * MILLI);
    }
    assertThat(limit.current()).isLessThan(before);
  }

  @Property(tries = 200)
  void admitsNoMoreThanTheLimitAndReturnsAllPlaces(@ForAll Algorithm algorithm,
      @ForAll @Size(max = 300) List<@IntRange(max = 3) Integer> events) {
    AdaptiveLimit limit = limit(algorithm);
    for (int event : events) {
      int before = limit.waiting();
      now += MILLI;
      if (event == 0 || before == 0) {
        boolean below = algorithm == Algorithm.OFF || before < limit.current();
        assertThat(limit.tryAcquire()).isEqualTo(below);
      } else if (event == 1) {
        limit.answered(now - MILLI, MILLI);
      } else if (event == 2) {
        limit.dropped(now - MILLI, MILLI);
      } else {
        limit.released();
      }
      if (algorithm != Algorithm.OFF) {
        assertThat(limit.current()).isBetween(4, 50);
      }
    }
    while (limit.waiting() > 0) {
      limit.released();
    }
  }

  private static AdaptiveLimit limit(Algorithm algorithm) {
    return new AdaptiveLimit(new Bounds(algorithm, 20, 4, 50, Duration.ofMillis(100)));
  }

  /** Fills the limit and answers all, some times. */
  private void rounds(AdaptiveLimit limit, int count, long nanos) {
    for (int i = 0; i < count; i++) {
      fill(limit);
      while (limit.waiting() > 0) {
        now += MILLI;
        limit.answered(now, nanos);
      }
    }
  }

  private static void fill(AdaptiveLimit limit) {
    while (limit.tryAcquire()) {
      assertThat(limit.waiting()).isLessThanOrEqualTo(limit.current());
    }
  }
}
