package dev.statecraft.gateway.balance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Peak-sensitive, exponentially weighted moving average of response times, as in Finagle's {@code PeakEwma}: a sample
 * above the average replaces it, a sample below pulls it down by the time since the last one, and silence lets it sink,
 * so that a node that was slow is tried again. O(1), lock-free: average and stamp share one word that is swapped.
 */
final class ResponseTime {
  /** After this long without a sample the average has sunk to 1/e. */
  private static final double DECAY_MILLIS = 5_000;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Upper half: the average in nanoseconds as float bits. Lower half: when it was taken, in milliseconds, wrapping. */
  private final AtomicLong state = new AtomicLong();

  /** Returns the average in nanoseconds as of now; 0 when nothing was measured yet. */
  double nanos(long nanoTime) {
    long now = state.get();
    return average(now) * weight(now, nanoTime);
  }

  void add(long sampleNanos, long nanoTime) {
    long stamp = nanoTime / NANOS_PER_MILLI & 0xFFFF_FFFFL;
    while (true) {
      long now = state.get();
      double weight = weight(now, nanoTime);
      double sunk = average(now) * weight;
      double next = sampleNanos >= sunk ? sampleNanos : sunk + (sampleNanos - sunk) * Math.max(1 - weight, LEAST_PULL);
      long packed = (long) Float.floatToRawIntBits((float) next) << 32 | stamp;
      if (state.compareAndSet(now, packed)) {
        return;
      }
    }
  }

  /**
   * Each good answer counts for at least this much, so that one hiccup under load is forgiven in a few dozen answers.
   */
  private static final double LEAST_PULL = 0.02;

  private static double average(long state) {
    return Float.intBitsToFloat((int) (state >>> 32));
  }

  private static double weight(long state, long nanoTime) {
    int elapsed = (int) (nanoTime / NANOS_PER_MILLI) - (int) state;
    return elapsed <= 0 ? 1 : Math.exp(-elapsed / DECAY_MILLIS);
  }
}
