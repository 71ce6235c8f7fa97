package dev.statecraft.lab.experiment.concurrency;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Loads a service until its JIT compiler is nearly idle, because figures of a cold service are meaningless. There is no
 * fixed time for this: it depends on the CPUs of the service and on the work.
 */
final class WarmUp {
  /** The CPUs that a compiler uses at most when it is nearly idle. */
  static final double IDLE_COMPILER_CPUS = 0.1;
  static final int MAX_ROUNDS = 16;
  /** More than one, because the compiler starts only after code has run for a while. */
  static final int MIN_ROUNDS = 2;
  /** The number of rounds if the compiler's CPU time is unknown. */
  static final int UNMEASURED_ROUNDS = 4;

  private final Supplier<Optional<Duration>> compilerTime;
  private final LongSupplier nanoTime;

  /** Creates a warm-up of a service from the CPU time that its compiler has used; empty if unknown. */
  WarmUp(Supplier<Optional<Duration>> compilerTime, LongSupplier nanoTime) {
    this.compilerTime = compilerTime;
    this.nanoTime = nanoTime;
  }

  /** Runs rounds until the compiler is nearly idle in one, at most {@link #MAX_ROUNDS}. */
  void run(Round round) throws InterruptedException {
    for (int rounds = 1; rounds <= MAX_ROUNDS; rounds++) {
      Optional<Duration> before = compilerTime.get();
      long began = nanoTime.getAsLong();
      round.run();
      long lasted = nanoTime.getAsLong() - began;
      Optional<Duration> after = compilerTime.get();
      if (before.isEmpty() || after.isEmpty()) {
        if (rounds >= UNMEASURED_ROUNDS) {
          return;
        }
      } else if (rounds >= MIN_ROUNDS && after.get().minus(before.get()).toNanos() < IDLE_COMPILER_CPUS * lasted) {
        return;
      }
    }
  }

  /** One period of requests and a pause. */
  @FunctionalInterface
  interface Round {
    void run() throws InterruptedException;
  }
}
