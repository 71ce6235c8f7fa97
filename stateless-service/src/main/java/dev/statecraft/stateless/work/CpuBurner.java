package dev.statecraft.stateless.work;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32;
import org.springframework.stereotype.Component;

/**
 * Burns CPU time by calculating. The JVM does not tell a virtual thread's CPU time, and a loop until a wall clock's
 * time would burn less the busier the machine is; so the cost of one slice is measured once, on a thread whose CPU time
 * the JVM does tell, and a burn is a number of slices: the same work in every model.
 *
 * <p>A slice is a checksum, which the JVM has ready in machine code from its start. Code of our own would be measured
 * in whichever state the compiler had brought it to, and one service's millisecond would be half of another's.
 * Thread-safe.
 */
@Component
class CpuBurner {
  private static final int SAMPLES = 20;
  private static final int SLICES_PER_SAMPLE = 200;

  /** Small enough to stay in a core's own cache, large enough that the call costs little beside it. */
  private static final byte[] SLICE = new byte[64 * 1024];

  /** Keeps the compiler from seeing that nobody needs the numbers. */
  @SuppressWarnings("unused")
  private static volatile long last;

  private final ReentrantLock measuring = new ReentrantLock();
  private volatile double slicesPerMillisecond;

  /**
   * Burns CPU time on the current thread. The first burn of a process measures, which takes some tens of milliseconds.
   *
   * @param millis the CPU time, in milliseconds
   * @param stop asked many times a millisecond
   * @return whether it burnt all, and was not stopped
   */
  boolean burn(int millis, BooleanSupplier stop) throws InterruptedException {
    CRC32 checksum = new CRC32();
    for (long slices = Math.round(millis * measured()); slices > 0; slices--) {
      if (stop.getAsBoolean()) {
        return false;
      }
      checksum.update(SLICE);
    }
    last = checksum.getValue();
    return true;
  }

  /** How many slices cost a millisecond of CPU time. */
  double measured() throws InterruptedException {
    double known = slicesPerMillisecond;
    if (known != 0) {
      return known;
    }
    measuring.lockInterruptibly();
    try {
      if (slicesPerMillisecond == 0) {
        Thread.ofPlatform().name("cost-of-a-slice").start(() -> slicesPerMillisecond = measure()).join();
      }
      return slicesPerMillisecond;
    } finally {
      measuring.unlock();
    }
  }

  /** The best of several: what else the machine does makes a sample cost more, never less. */
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
    last = checksum.getValue();
    return best;
  }
}
