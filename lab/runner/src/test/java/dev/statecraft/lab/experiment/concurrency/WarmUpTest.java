package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Duration ROUND = Duration.ofSeconds(5);

  private Duration now = Duration.ofDays(-1);
  private Duration compilerTime = Duration.ZERO;
  private int rounds;

  @Test
  void endsWhenCompilerIsIdle() throws Exception {
    WarmUp warmUp = new WarmUp(() -> Optional.of(compilerTime), () -> now.toNanos());

    warmUp.run(() -> round(rounds < 5 ? 0.8 : 0.05));

    assertThat(rounds).as("five busy rounds and the first idle one").isEqualTo(6);
  }

  @Test
  void runsAtLeastTwoRounds() throws Exception {
    WarmUp warmUp = new WarmUp(() -> Optional.of(compilerTime), () -> now.toNanos());

    warmUp.run(() -> round(0));

    assertThat(rounds).isEqualTo(WarmUp.MIN_ROUNDS);
  }

  @Test
  void roundsAreBoundedIfCompilerIsNeverIdle() throws Exception {
    WarmUp warmUp = new WarmUp(() -> Optional.of(compilerTime), () -> now.toNanos());

    warmUp.run(() -> round(1));

    assertThat(rounds).isEqualTo(WarmUp.MAX_ROUNDS);
  }

  /** The compiler time is unknown, for example, if the service has terminated. */
  @Test
  void runsFixedRoundsIfCompilerTimeIsUnknown() throws Exception {
    WarmUp warmUp = new WarmUp(Optional::empty, () -> now.toNanos());

    warmUp.run(() -> round(1));

    assertThat(rounds).isEqualTo(WarmUp.UNMEASURED_ROUNDS);
  }

  private void round(double compilerShare) {
    rounds++;
    now = now.plus(ROUND);
    compilerTime = compilerTime.plusMillis(Math.round(compilerShare * ROUND.toMillis()));
  }
}
