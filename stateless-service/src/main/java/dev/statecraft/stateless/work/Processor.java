package dev.statecraft.stateless.work;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;

/**
 * Burns CPU time by calculating. The JVM does not tell a virtual thread's CPU time, and a loop until a wall clock's time
 * would burn less the busier the machine is; so the cost of one round is measured once, on a thread whose CPU time the
 * JVM does tell, and a burn is a number of rounds: the same work in every model. Thread-safe.
 */
@Component
class Processor {
  private static final long ROUNDS_PER_SLICE = 20_000;
  private static final int SAMPLES = 20;
  private static final int SLICES_PER_SAMPLE = 20;

  /** Keeps the compiler from seeing that nobody needs the numbers. */
  @SuppressWarnings("unused")
  private static volatile long last;

  private final ReentrantLock measuring = new ReentrantLock();
  private volatile double roundsPerMillisecond;

  /**
   * Burns CPU time on the current thread. The first burn of a process measures, which takes some tens of milliseconds.
   *
   * @param millis the CPU time, in milliseconds
   * @param stop asked many times a millisecond
   * @return whether it burnt all, and was not stopped
   */
  boolean burn(int millis, BooleanSupplier stop) throws InterruptedException {
    double perMillisecond = roundsPerMillisecond == 0 ? measured() : roundsPerMillisecond;
    for (long rounds = Math.round(millis * perMillisecond); rounds > 0; rounds -= ROUNDS_PER_SLICE) {
      if (stop.getAsBoolean()) {
        return false;
      }
      last = calculate(Math.min(rounds, ROUNDS_PER_SLICE));
    }
    return true;
  }

  /** A chain of dependent steps (Marsaglia's xorshift), which no compiler can shorten. */
  private static long calculate(long rounds) {
    long number = last | 1;
    for (long i = 0; i < rounds; i++) {
      number ^= number << 13;
      number ^= number >>> 7;
      number ^= number << 17;
    }
    return number;
  }

  private double measured() throws InterruptedException {
    measuring.lockInterruptibly();
    try {
      if (roundsPerMillisecond == 0) {
        Thread.ofPlatform().name("cost-of-a-round").start(() -> roundsPerMillisecond = measure()).join();
      }
      return roundsPerMillisecond;
    } finally {
      measuring.unlock();
    }
  }

  /** The best of several, for the first ones run before the compiler has done its work. */
  private static double measure() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    double best = 0;
    for (int sample = 0; sample < SAMPLES; sample++) {
      long before = threads.getCurrentThreadCpuTime();
      for (int slice = 0; slice < SLICES_PER_SAMPLE; slice++) {
        last = calculate(ROUNDS_PER_SLICE);
      }
      double millis = (threads.getCurrentThreadCpuTime() - before) / 1e6;
      best = Math.max(best, SLICES_PER_SAMPLE * ROUNDS_PER_SLICE / millis);
    }
    return best;
  }
}
