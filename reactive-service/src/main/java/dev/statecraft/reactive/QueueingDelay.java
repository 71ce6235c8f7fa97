package dev.statecraft.reactive;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * How long requests that were taken in wait for a processor just now. A bound on their number would be right for one kind of
 * work only: a thousand that need 0.2 ms are soon served, and a thousand that need 2 ms are all too late. Where those that wait
 * go in order, what the last of them waited tells what the next will. Thread-safe.
 */
@Component
public final class QueueingDelay {
  /** Long enough to sit out a pause of the collector or the compiler; and who waited so long is still answered in time. */
  public static final Duration LONGEST = Duration.ofMillis(500);

  private final LongSupplier nanoTime;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile long lastNanos;

  /** A queue that nobody waits in. */
  @Autowired
  public QueueingDelay() {
    this(System::nanoTime);
  }

  /** The same by another clock, in nanoseconds. */
  public QueueingDelay(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * One begins to wait.
   *
   * @return what to give to {@link #left} when its waiting ends, however it does
   */
  public long joined() {
    waiting.incrementAndGet();
    return nanoTime.getAsLong();
  }

  /** One waits no longer. */
  public void left(long joined) {
    long waited = nanoTime.getAsLong() - joined;
    lastNanos = waiting.decrementAndGet() == 0 ? 0 : waited;
  }

  /** Whether a further one would wait for too long, so that a refusal serves it better. */
  public boolean isTooLong() {
    return waiting.get() > 0 && lastNanos > LONGEST.toNanos();
  }
}
