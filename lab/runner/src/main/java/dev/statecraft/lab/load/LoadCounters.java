package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Outcome;
import java.util.concurrent.atomic.LongAdder;

/** How the load fares so far, for a progress line; thread-safe, exact only when the load is idle. */
public final class LoadCounters {
  private final LongAdder good = new LongAdder();
  private final LongAdder errors = new LongAdder();

  LoadCounters() {}

  /** Requests answered by 2xx. */
  public long good() {
    return good.sum();
  }

  /** Requests answered by anything else, or by nothing, or shed. */
  public long errors() {
    return errors.sum();
  }

  void count(Outcome outcome) {
    (outcome instanceof Outcome.Ok ? good : errors).increment();
  }

  void countShed() {
    errors.increment();
  }
}
