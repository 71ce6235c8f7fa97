package dev.statecraft.lab.experiment.concurrency;

import dev.statecraft.lab.environment.ClusterFailure;
import dev.statecraft.lab.experiment.concurrency.ConcurrencyResults.RateStep;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the highest rate that a service keeps, with few tries: first in great steps up, or down where the first rate is
 * too high already, until one rate is kept and another is not; then by halving, on a logarithmic scale, what lies
 * between.
 *
 * @param first the rate to begin with, in requests a second
 * @param highest not tried beyond
 * @param halvings how often to halve; three leave less than a fifth between what was kept and what was not
 */
record RateSearch(double first, double highest, int halvings) {
  private static final double FACTOR = 4;
  private static final double MIN_RATE = 0.5;
  /** A machine's hiccup says nothing of a model. */
  private static final int MAX_MISSES = 2;
  /** Of one processor: a service whose compiler uses more is not warm, and is quicker the next time. */
  static final double WARM_PROCESSORS = WarmUp.IDLE_PROCESSORS / 2;
  static final int MAX_TRIES = 5;

  /** Measures one rate. */
  @FunctionalInterface
  interface Measurement {
    RateStep at(double ratePerSecond) throws ClusterFailure, InterruptedException;
  }

  /** Every rate that was tried, in the order of the tries; of a rate that was missed, the last try. */
  List<RateStep> run(Measurement measurement) throws ClusterFailure, InterruptedException {
    List<RateStep> tried = new ArrayList<>();
    double kept = 0;
    double missed = 0;
    for (double rate = first; (kept == 0 || missed == 0) && rate >= MIN_RATE && rate <= highest;) {
      RateStep step = measure(measurement, rate);
      tried.add(step);
      if (step.sustained()) {
        kept = rate;
        rate *= FACTOR;
      } else {
        missed = rate;
        rate /= FACTOR;
      }
    }
    for (int halving = 0; halving < halvings && kept > 0 && missed > 0; halving++) {
      RateStep step = measure(measurement, Math.sqrt(kept * missed));
      tried.add(step);
      if (step.sustained()) {
        kept = step.offeredPerSecond();
      } else {
        missed = step.offeredPerSecond();
      }
    }
    return tried;
  }

  /**
   * Tries a rate until it is kept or was missed twice by a service that is warm, and {@link #MAX_TRIES} times at most:
   * each try runs what the rate needs compiled, so a service that missed it for its compiler may keep it next time.
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
    return step.compilerProcessors() == null || step.compilerProcessors() <= WARM_PROCESSORS;
  }
}
