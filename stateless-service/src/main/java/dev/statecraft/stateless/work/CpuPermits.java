package dev.statecraft.stateless.work;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.admission.AdmissionEstimator.Ticket;
import dev.statecraft.service.cpu.CpuBurner;
import dev.statecraft.service.deadline.Deadline;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Limits concurrent CPU work to the number of processors, however many threads the concurrency model has. With 200
 * threads that calculate, the threads that accept connections and reject requests would get a two-hundredth of the
 * processors and be late by seconds.
 *
 * <p>Permits are granted in the order of the requests and for a short time, so a long calculation does not delay the
 * short ones: round robin. The cost: a disconnected client is noticed only when its request gets the next permit.
 * Thread-safe.
 */
@Component
class CpuPermits {
  /** Much longer than the handover of a permit, and too short to be noticed by a client. */
  static final int TIME_SLICE_MILLIS = 5;

  private final CpuBurner burner;
  private final AdmissionEstimator estimator;
  private final Semaphore permits;

  @Autowired
  CpuPermits(CpuBurner burner, AdmissionEstimator estimator) {
    this(burner, estimator, Runtime.getRuntime().availableProcessors());
  }

  CpuPermits(CpuBurner burner, AdmissionEstimator estimator, int processors) {
    this.burner = burner;
    this.estimator = estimator;
    this.permits = new Semaphore(processors, true);
  }

  /**
   * Burns CPU time on the current thread, in time slices. Waits for a permit for each slice.
   *
   * @param millis CPU time in milliseconds
   * @param stop asked many times a millisecond; true ends the work
   * @return false if the work was stopped or the deadline passed
   */
  boolean burn(int millis, Deadline deadline, BooleanSupplier stop) throws InterruptedException {
    for (int left = millis; left > 0; left -= TIME_SLICE_MILLIS) {
      if (!acquire(deadline)) {
        return false;
      }
      try {
        if (!burner.burn(Math.min(left, TIME_SLICE_MILLIS), () -> stop.getAsBoolean() || deadline.hasPassed())) {
          return false;
        }
      } finally {
        permits.release();
      }
    }
    return true;
  }

  private boolean acquire(Deadline deadline) throws InterruptedException {
    Ticket ticket = estimator.join();
    try {
      return permits.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } finally {
      estimator.leave(ticket);
    }
  }
}
