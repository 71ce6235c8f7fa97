package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import java.util.ArrayList;
import java.util.List;

/**
 * Searches the highest rate that a service sustains. It multiplies or divides the rate by 4 until it has one sustained
 * and one missed rate, then bisects between them on a logarithmic scale.
 *
 * @param firstRate the first rate, in requests per second
 * @param maxRate the highest rate to try
 * @param bisections the number of bisections; after three, the missed rate is less than a fifth above the sustained one
 */
record RateSearch(double firstRate, double maxRate, int bisections) {
  private static final double FACTOR = 4;
  private static final double MIN_RATE = 0.5;
  /** More than one, because a single miss may be caused by other load on the machine. */
  private static final int MAX_MISSES = 2;
  /** The CPUs that the JIT compiler of a warmed-up service uses at most. */
  static final double MAX_WARM_COMPILER_CPUS = WarmUp.IDLE_COMPILER_CPUS / 2;
  static final int MAX_TRIES = 5;

  /** Measures one rate. */
  @FunctionalInterface
  interface Measurement {
    RateStep at(double ratePerSecond) throws ClusterFailure, InterruptedException;
  }

  /** Runs the search and returns the last measurement of each rate, in order. */
  List<RateStep> run(Measurement measurement) throws ClusterFailure, InterruptedException {
    List<RateStep> tried = new ArrayList<>();
    double sustained = 0;
    double missed = 0;
    for (double rate = firstRate; (sustained == 0 || missed == 0) && rate >= MIN_RATE && rate <= maxRate;) {
      RateStep step = measure(measurement, rate);
      tried.add(step);
      if (step.sustained()) {
        sustained = rate;
        rate *= FACTOR;
      } else {
        missed = rate;
        rate /= FACTOR;
      }
    }
    for (int bisection = 0; bisection < bisections && sustained > 0 && missed > 0; bisection++) {
      RateStep step = measure(measurement, Math.sqrt(sustained * missed));
      tried.add(step);
      if (step.sustained()) {
        sustained = step.offeredPerSecond();
      } else {
        missed = step.offeredPerSecond();
      }
    }
    return tried;
  }

  /**
   * Tries a rate until the service sustains it or, warmed up, misses it twice, at most {@link #MAX_TRIES} times. A miss
   * while the JIT compiler is busy does not count, because the next try runs compiled code.
   */
  private static RateStep measure(Measurement measurement, double rate) throws ClusterFailure, InterruptedException {
    RateStep step = measurement.at(rate);
    for (int tries = 1, misses = 0; tries < MAX_TRIES && !step.sustained(); tries++) {
      misses += isWarm(step) ? 1 : 0;
      if (misses == MAX_MISSES) {
        break;
      }
      step = measurement.at(rate);
    }
    return step;
  }

  private static boolean isWarm(RateStep step) {
    return step.compilerProcessors() == null || step.compilerProcessors() <= MAX_WARM_COMPILER_CPUS;
  }
}
