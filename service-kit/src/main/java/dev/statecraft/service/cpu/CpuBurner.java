package dev.statecraft.service.cpu;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;

/**
 * Burns a given amount of CPU time. The work consists of equal slices. Their cost is measured once, on a platform
 * thread, because the JVM does not report the CPU time of a virtual thread; a loop that watches the clock would burn
 * less on a busy machine. So a millisecond is the same work under each concurrency model.
 *
 * <p>A slice is a checksum, which the JVM runs as machine code from the start. The cost of our own code would depend on
 * how far the compiler has optimized it. Thread-safe.
 */
public final class CpuBurner {
  private static final int SAMPLES = 20;
  private static final int SLICES_PER_SAMPLE = 200;

  /** Small enough for a core's own cache, large enough that the call itself costs little. */
  private static final byte[] SLICE = new byte[64 * 1024];

  /** Keeps the compiler from removing the calculation. */
  @SuppressWarnings("unused")
  private static volatile long lastChecksum;

  private final ReentrantLock measuring = new ReentrantLock();
  private volatile double slicesPerMillisecond;

  /**
   * Burns CPU time on the current thread. The first call measures the cost of a slice, which takes some tens of
   * milliseconds.
   *
   * @param millis CPU time in milliseconds
   * @param stop asked before each slice, many times a millisecond; true ends the work
   * @return false if the work was stopped
   */
  public boolean burn(int millis, BooleanSupplier stop) throws InterruptedException {
    CRC32 checksum = new CRC32();
    for (long slices = Math.round(millis * slicesPerMillisecond()); slices > 0; slices--) {
      if (stop.getAsBoolean()) {
        return false;
      }
      checksum.update(SLICE);
    }
    lastChecksum = checksum.getValue();
    return true;
  }

  double slicesPerMillisecond() throws InterruptedException {
    double known = slicesPerMillisecond;
    if (known != 0) {
      return known;
    }
    measuring.lockInterruptibly();
    try {
      if (slicesPerMillisecond == 0) {
        Thread.ofPlatform().name("cpu-calibration").start(() -> slicesPerMillisecond = measure()).join();
      }
      return slicesPerMillisecond;
    } finally {
      measuring.unlock();
    }
  }

  /** Takes the best of several samples: other load on the machine makes a sample cost more, never less. */
  private static double measure() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    CRC32 checksum = new CRC32();
    double best = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
      long before = threads.getCurrentThreadCpuTime();
      for (int slice = 0; slice < SLICES_PER_SAMPLE; slice++) {
        checksum.update(SLICE);
      }
      double millis = (threads.getCurrentThreadCpuTime() - before) / 1e6;
      best = Math.max(best, SLICES_PER_SAMPLE / millis);
    }
    lastChecksum = checksum.getValue();
    return best;
  }
}
