package dev.statecraft.gateway.balance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Peak-sensitive exponentially weighted moving average of response times, as in Finagle's {@code PeakEwma}. A sample
 * above the average replaces it. A sample below lowers it, by more if more time has passed since the last one. Without
 * samples the average decays, so that a node that was slow is tried again. O(1), lock-free: average and time share one
 * atomic word.
 */
final class ResponseTime {
  /** Without samples, the average decays to 1/e in this time. */
  private static final double DECAY_MILLIS = 5_000;
  /** Minimum weight of a sample, so that a few dozen fast answers outweigh one slow one under load. */
  private static final double MIN_SAMPLE_WEIGHT = 0.02;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /**
   * Upper half: average in nanoseconds, as float bits. Lower half: time of the last sample in milliseconds, wrapping.
   */
  private final AtomicLong state = new AtomicLong();

  /** Returns the average in nanoseconds at this time; 0 if there was no sample. */
  double nanos(long nanoTime) {
    long current = state.get();
    return average(current) * weight(current, nanoTime);
  }

  void add(long sampleNanos, long nanoTime) {
    long stamp = nanoTime / NANOS_PER_MILLI & 0xFFFF_FFFFL;
    while (true) {
      long current = state.get();
      double weight = weight(current, nanoTime);
      double decayed = average(current) * weight;
      double next = sampleNanos >= decayed
          ? sampleNanos
          : decayed + (sampleNanos - decayed) * Math.max(1 - weight, MIN_SAMPLE_WEIGHT);
      long packed = (long) Float.floatToRawIntBits((float) next) << 32 | stamp;
      if (state.compareAndSet(current, packed)) {
        return;
      }
    }
  }

  private static double average(long state) {
    return Float.intBitsToFloat((int) (state >>> 32));
  }

  private static double weight(long state, long nanoTime) {
    int elapsed = (int) (nanoTime / NANOS_PER_MILLI) - (int) state;
    return elapsed <= 0 ? 1 : Math.exp(-elapsed / DECAY_MILLIS);
  }
}
