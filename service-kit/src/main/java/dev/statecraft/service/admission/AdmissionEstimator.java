package dev.statecraft.service.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Estimates how long a request that is admitted now would wait for a processor. The queue is served in order, so the
 * estimate is the wait of the request that left the queue last, divided by its position and multiplied by the length of
 * the queue now.
 *
 * <p>A limit on the length alone would fit only one kind of work: 1,000 waiting requests of 0.2 ms are soon served, of
 * 2 ms they are all late. The last wait alone would be out of date: it tells how long the queue was when that request
 * joined. Thread-safe.
 */
public final class AdmissionEstimator {
  /** Longer than a usual pause of the garbage collector, and short enough that the answer still comes in time. */
  public static final Duration MAX_WAIT = Duration.ofMillis(500);

  /**
   * The largest factor by which an estimate exceeds the measured wait. Without it, a request that met a pause of the
   * garbage collector alone in the queue would yield an estimate of minutes.
   */
  private static final double MAX_GROWTH = 2;

  private final Duration maxWait;
  private final LongSupplier nanoTime;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile Wait lastWait = Wait.NONE;

  /** Makes an estimator with the limit {@link #MAX_WAIT}. */
  @Autowired
  public AdmissionEstimator() {
    this(MAX_WAIT, System::nanoTime);
  }

  /** Makes an estimator with another limit and another clock, in nanoseconds. */
  public AdmissionEstimator(Duration maxWait, LongSupplier nanoTime) {
    this.maxWait = maxWait;
    this.nanoTime = nanoTime;
  }

  /** Adds a request to the queue. Pass the result to {@link #leave} when its wait ends, for whatever reason. */
  public Ticket join() {
    return new Ticket(nanoTime.getAsLong(), waiting.incrementAndGet());
  }

  /** Removes a request from the queue. */
  public void leave(Ticket ticket) {
    long waited = nanoTime.getAsLong() - ticket.joinedNanos;
    lastWait = waiting.decrementAndGet() == 0 ? Wait.NONE : new Wait(waited, ticket.position);
  }

  /** Tells whether one more request would wait for longer than the limit. */
  public boolean isWaitTooLong() {
    int length = waiting.get();
    return length > 0 && lastWait.estimateNanos(length) > maxWait.toNanos();
  }

  /**
   * A request in the queue.
   *
   * @param joinedNanos when it joined
   * @param position in the queue at that time, from 1
   */
  public record Ticket(long joinedNanos, int position) {}

  private record Wait(long nanos, int position) {
    private static final Wait NONE = new Wait(0, 1);

    private double estimateNanos(int length) {
      return nanos * Math.min((double) length / position, MAX_GROWTH);
    }
  }
}
