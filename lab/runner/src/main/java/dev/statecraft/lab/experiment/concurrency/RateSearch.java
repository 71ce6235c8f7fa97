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
  private static final double STEP = 4;
  private static final double LOWEST = 0.5;
  /** A machine's hiccup says nothing of a model. */
  private static final int MISSES = 2;
  /** Of one processor: a service whose compiler uses more is not warm, and is quicker the next time. */
  static final double WARM = WarmUp.IDLE / 2;
  static final int MOST_TRIES = 5;

  /** Measures one rate. */
  @FunctionalInterface
  interface Trial {
    RateStep at(double ratePerSecond) throws ClusterFailure, InterruptedException;
  }

  /** Every rate that was tried, in the order of the tries; of a rate that was missed, the last try. */
  List<RateStep> climb(Trial trial) throws ClusterFailure, InterruptedException {
    List<RateStep> tried = new ArrayList<>();
    double kept = 0;
    double missed = 0;
    for (double rate = first; (kept == 0 || missed == 0) && rate >= LOWEST && rate <= highest;) {
      RateStep rung = again(trial, rate);
      tried.add(rung);
      if (rung.sustained()) {
        kept = rate;
        rate *= STEP;
      } else {
        missed = rate;
        rate /= STEP;
      }
    }
    for (int halving = 0; halving < halvings && kept > 0 && missed > 0; halving++) {
      RateStep rung = again(trial, Math.sqrt(kept * missed));
      tried.add(rung);
      if (rung.sustained()) {
        kept = rung.offeredPerSecond();
      } else {
        missed = rung.offeredPerSecond();
      }
    }
    return tried;
  }

  /**
   * Tries a rate until it is kept or was missed twice by a service that is warm, and {@link #MOST_TRIES} times at most:
   * each try runs what the rate needs compiled, so a service that missed it for its compiler may keep it next time.
   */
  private static RateStep again(Trial trial, double rate) throws ClusterFailure, InterruptedException {
    RateStep rung = trial.at(rate);
    for (int tries = 1, misses = 0; tries < MOST_TRIES && !rung.sustained(); tries++) {
      misses += isWarm(rung) ? 1 : 0;
      if (misses == MISSES) {
        break;
      }
      rung = trial.at(rate);
    }
    return rung;
  }

  private static boolean isWarm(RateStep rung) {
    return rung.compilerProcessors() == null || rung.compilerProcessors() <= WARM;
  }
}
