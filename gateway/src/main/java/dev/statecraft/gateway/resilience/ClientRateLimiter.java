package dev.statecraft.gateway.resilience;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Limits the requests per second of each client by the generic cell rate algorithm (ITU-T I.371). The state of a client
 * is one number: the time at which its bucket is full again. Lock-free. Idle clients are removed; beyond
 * {@link #MAX_CLIENTS}, new clients share one bucket.
 */
public final class ClientRateLimiter {
  static final int MAX_CLIENTS = 100_000;
  private static final String OVERFLOW_BUCKET = "overflow";
  /** Minimum time between two sweeps, so that a flood of new addresses does not cause a sweep for each. */
  private static final long MIN_SWEEP_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long intervalNanos;
  private final long toleranceNanos;
  private final LongSupplier nanoTime;
  private final Map<String, AtomicLong> bucketFullAt = new ConcurrentHashMap<>();
  private final AtomicLong lastSweep;

  /**
   * Makes a limiter.
   *
   * @param perSecond requests per second of each client; 0 for no limit
   * @param burst requests that may arrive at once
   * @param nanoTime the clock of {@link System#nanoTime()}
   */
  public ClientRateLimiter(int perSecond, int burst, LongSupplier nanoTime) {
    this.intervalNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.toleranceNanos = intervalNanos * Math.max(1, burst);
    this.nanoTime = nanoTime;
    this.lastSweep = new AtomicLong(nanoTime.getAsLong() - MIN_SWEEP_INTERVAL_NANOS);
  }

  /**
   * Admits a request of a client and returns zero, or rejects it and returns how long the client should wait.
   *
   * @param client identifies the client
   */
  public Duration tryAcquire(String client) {
    if (intervalNanos == 0) {
      return Duration.ZERO;
    }
    long now = nanoTime.getAsLong();
    AtomicLong bucket = bucket(client, now);
    while (true) {
      long full = bucket.get();
      long next = Math.max(full - now, 0) + intervalNanos;
      if (next > toleranceNanos) {
        return Duration.ofNanos(next - toleranceNanos);
      }
      if (bucket.compareAndSet(full, now + next)) {
        return Duration.ZERO;
      }
    }
  }

  int clients() {
    return bucketFullAt.size();
  }

  private AtomicLong bucket(String client, long now) {
    AtomicLong known = bucketFullAt.get(client);
    if (known != null) {
      return known;
    }
    if (bucketFullAt.size() >= MAX_CLIENTS) {
      sweep(now);
    }
    String name = bucketFullAt.size() >= MAX_CLIENTS ? OVERFLOW_BUCKET : client;
    return bucketFullAt.computeIfAbsent(name, unknown -> new AtomicLong(now));
  }

  private void sweep(long now) {
    long last = lastSweep.get();
    if (now - last >= MIN_SWEEP_INTERVAL_NANOS && lastSweep.compareAndSet(last, now)) {
      bucketFullAt.values().removeIf(full -> full.get() - now <= 0);
    }
  }
}
