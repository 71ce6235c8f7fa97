package dev.statecraft.lab.command;

import dev.statecraft.lab.cluster.ClusterFailure;
import dev.statecraft.lab.report.ConcurrencyResults.Rung;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the highest rate that a service keeps, with few tries: first in great steps up, or down where the first rate is
 * too high already, until one rate is kept and another is not; then by halving, on a logarithmic scale, what lies between.
 *
 * @param first the rate to begin with, in requests a second
 * @param highest not tried beyond
 * @param halvings how often to halve; three leave less than a fifth between what was kept and what was not
 */
record Ladder(double first, double highest, int halvings) {
  private static final double STEP = 4;
  private static final double LOWEST = 0.5;

  /** Measures one rate. */
  @FunctionalInterface
  interface Trial {
    Rung at(double ratePerSecond) throws ClusterFailure, InterruptedException;
  }

  /** Every rate that was tried, in the order of the tries; of a rate that was missed, the second try. */
  List<Rung> climb(Trial trial) throws ClusterFailure, InterruptedException {
    List<Rung> tried = new ArrayList<>();
    double kept = 0;
    double missed = 0;
    for (double rate = first; (kept == 0 || missed == 0) && rate >= LOWEST && rate <= highest;) {
      Rung rung = twiceIfMissed(trial, rate);
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
      Rung rung = twiceIfMissed(trial, Math.sqrt(kept * missed));
      tried.add(rung);
      if (rung.sustained()) {
        kept = rung.offeredPerSecond();
      } else {
        missed = rung.offeredPerSecond();
      }
    }
    return tried;
  }

  /** A machine's hiccup says nothing of a model, so a rate counts as missed when it was missed twice. */
  private static Rung twiceIfMissed(Trial trial, double rate) throws ClusterFailure, InterruptedException {
    Rung first = trial.at(rate);
    return first.sustained() ? first : trial.at(rate);
  }
}
