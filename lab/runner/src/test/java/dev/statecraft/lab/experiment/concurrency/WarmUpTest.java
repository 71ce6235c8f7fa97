package dev.statecraft.lab.experiment.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WarmUpTest {
  private static final Duration ROUND = WarmUp.ASKING.plus(WarmUp.SILENCE);

  private Duration now = Duration.ofDays(-1);
  private Duration compiled = Duration.ZERO;
  private int rounds;

  @Test
  void endsWhenTheCompilerIsIdle() throws Exception {
    WarmUp warmUp = new WarmUp(() -> Optional.of(compiled), () -> now.toNanos());

    warmUp.run(() -> round(rounds < 5 ? 0.8 : 0.05));

    assertThat(rounds).as("five busy rounds and the first idle one").isEqualTo(6);
  }

  @Test
  void firstRoundIsNotEnoughThoughTheCompilerWasIdleInIt() throws Exception {
    WarmUp warmUp = new WarmUp(() -> Optional.of(compiled), () -> now.toNanos());

    warmUp.run(() -> round(0));

    assertThat(rounds).isEqualTo(WarmUp.MIN_ROUNDS);
  }

  @Test
  void endsWhereTheCompilerIsNeverIdle() throws Exception {
    WarmUp warmUp = new WarmUp(() -> Optional.of(compiled), () -> now.toNanos());

    warmUp.run(() -> round(1));

    assertThat(rounds).isEqualTo(WarmUp.MAX_ROUNDS);
  }

  /** Dying is what the service may do meanwhile, and then nobody tells any more. */
  @Test
  void takesAFixedTimeWhereNobodyTellsWhatTheCompilerDoes() throws Exception {
    WarmUp warmUp = new WarmUp(Optional::empty, () -> now.toNanos());

    warmUp.run(() -> round(1));

    assertThat(rounds).isEqualTo(WarmUp.UNMEASURED_ROUNDS);
  }

  private void round(double compilerShare) {
    rounds++;
    now = now.plus(ROUND);
    compiled = compiled.plusMillis(Math.round(compilerShare * ROUND.toMillis()));
  }
}
