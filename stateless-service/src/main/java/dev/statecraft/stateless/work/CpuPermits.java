package dev.statecraft.stateless.work;

import dev.statecraft.stateless.AdmissionEstimator;
import dev.statecraft.stateless.AdmissionEstimator.Place;
import dev.statecraft.stateless.client.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Has no more requests calculate at once than there are processors, whatever threads the model gives them. Two hundred
 * threads that calculate leave a two-hundredth of the processors to the one that accepts connections and refuses
 * requests, which then is late by seconds; two hundred that wait for their turn leave it what it needs.
 *
 * <p>The turns go in the order of asking and are short, so that a long calculation does not hold up the short ones:
 * round robin, as the system does it, with fewer to share. Its price: a client that leaves meanwhile is noticed only at
 * the next turn of its request. Thread-safe.
 */
@Component
class CpuPermits {
  /** Much longer than it takes to hand a turn over, and much shorter than anybody would notice. */
  static final int TURN_MILLIS = 5;

  private final CpuBurner processor;
  private final AdmissionEstimator delay;
  private final Semaphore turns;

  @Autowired
  CpuPermits(CpuBurner processor, AdmissionEstimator delay) {
    this(processor, delay, Runtime.getRuntime().availableProcessors());
  }

  CpuPermits(CpuBurner processor, AdmissionEstimator delay, int processors) {
    this.processor = processor;
    this.delay = delay;
    this.turns = new Semaphore(processors, true);
  }

  /**
   * Burns CPU time on the current thread, in turns. Waits for each turn, but not past the deadline.
   *
   * @param millis the CPU time, in milliseconds
   * @param stop asked many times a millisecond
   * @return whether it burnt all, and neither was stopped nor met the deadline
   */
  boolean burn(int millis, Deadline deadline, BooleanSupplier stop) throws InterruptedException {
    for (int left = millis; left > 0; left -= TURN_MILLIS) {
      if (!awaitTurn(deadline)) {
        return false;
      }
      try {
        if (!processor.burn(Math.min(left, TURN_MILLIS), () -> stop.getAsBoolean() || deadline.passed())) {
          return false;
        }
      } finally {
        turns.release();
      }
    }
    return true;
  }

  private boolean awaitTurn(Deadline deadline) throws InterruptedException {
    Place place = delay.joined();
    try {
      return turns.tryAcquire(deadline.leftNanos(), TimeUnit.NANOSECONDS);
    } finally {
      delay.left(place);
    }
  }
}
