package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Outcome;
import java.util.concurrent.atomic.LongAdder;

/** Counts answers for a progress line. Thread-safe; the counts are exact only while no request is in flight. */
public final class LoadCounters {
  private final LongAdder good = new LongAdder();
  private final LongAdder errors = new LongAdder();

  LoadCounters() {}

  /** Requests answered with a 2xx status. */
  public long good() {
    return good.sum();
  }

  /** Requests with any other answer, without an answer, or shed. */
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
