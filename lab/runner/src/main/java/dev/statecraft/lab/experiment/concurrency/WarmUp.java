package dev.statecraft.lab.experiment.concurrency;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Asks a service until its just-in-time compiler has little left to do, for what a cold service does says nothing of
 * its model. How long that takes depends on the processors that it has and on the work: with one processor of its own a
 * service compiles instead of answering, and no fixed time is right for all.
 */
final class WarmUp {
  static final Duration ASKING = Duration.ofSeconds(4);
  /** While it is asked, the compiler of a busy service gets so little of its processor that it looks idle. */
  static final Duration SILENCE = Duration.ofSeconds(1);
  /** Of one processor. What is used less often than this leaves to the compiler shows in no figure. */
  static final double IDLE_PROCESSORS = 0.1;
  static final int MAX_ROUNDS = 16;
  /** Code is compiled only after it has run for a while, so the first round may find an idle compiler. */
  static final int MIN_ROUNDS = 2;
  /** Where nobody tells what the compiler does. */
  static final int UNMEASURED_ROUNDS = 4;

  private final Supplier<Optional<Duration>> compilerTime;
  private final LongSupplier nanoTime;

  /**
   * A warm-up of one service.
   *
   * @param compilerTime what its compiler has used since it began, or empty where that is not known
   * @param nanoTime a clock such as {@link System#nanoTime()}
   */
  WarmUp(Supplier<Optional<Duration>> compilerTime, LongSupplier nanoTime) {
    this.compilerTime = compilerTime;
    this.nanoTime = nanoTime;
  }

  /**
   * Asks round by round until the compiler has used less than {@link #IDLE_PROCESSORS} of a processor in one, and for
   * {@link #MAX_ROUNDS} of them at most.
   *
   * @param round asks for {@link #ASKING} and is silent for {@link #SILENCE}
   */
  void run(Round round) throws InterruptedException {
    for (int rounds = 1; rounds <= MAX_ROUNDS; rounds++) {
      Optional<Duration> before = compilerTime.get();
      long began = nanoTime.getAsLong();
      round.ask();
      long lasted = nanoTime.getAsLong() - began;
      Optional<Duration> after = compilerTime.get();
      if (before.isEmpty() || after.isEmpty()) {
        if (rounds >= UNMEASURED_ROUNDS) {
          return;
        }
      } else if (rounds >= MIN_ROUNDS && after.get().minus(before.get()).toNanos() < IDLE_PROCESSORS * lasted) {
        return;
      }
    }
  }

  /** Some seconds of requests. */
  @FunctionalInterface
  interface Round {
    void ask() throws InterruptedException;
  }
}
