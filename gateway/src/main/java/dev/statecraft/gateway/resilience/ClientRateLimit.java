package dev.statecraft.gateway.resilience;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many requests a second for each client, by the generic cell rate algorithm (ITU-T I.371): one number for a client,
 * the time at which its bucket is full again. Lock-free. Clients that were idle long enough are forgotten; beyond
 * {@link #MOST_CLIENTS} new ones share a bucket. An IPv6 client is its network of 64 bits, because one person has them
 * all.
 */
public final class ClientRateLimit {
  static final int MOST_CLIENTS = 100_000;
  private static final String OTHERS = "others";
  /** A flood of new addresses must not cost a pass over all of them for each. */
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int IPV6_NETWORK_GROUPS = 4;

  private final long interval;
  private final long tolerance;
  private final LongSupplier nanoTime;
  private final Map<String, AtomicLong> fullAt = new ConcurrentHashMap<>();
  private final AtomicLong sweptAt;

  /**
   * Makes a limit.
   *
   * @param perSecond requests a second for each client; 0 for no limit
   * @param burst requests that may come at once
   */
  public ClientRateLimit(int perSecond, int burst, LongSupplier nanoTime) {
    this.interval = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.tolerance = interval * Math.max(1, burst);
    this.nanoTime = nanoTime;
    this.sweptAt = new AtomicLong(nanoTime.getAsLong() - SWEEP_NANOS);
  }

  /** Takes one request out of a client's bucket; returns zero, or how long the client should wait for the next. */
  public Duration take(String address) {
    if (interval == 0) {
      return Duration.ZERO;
    }
    long now = nanoTime.getAsLong();
    AtomicLong bucket = bucket(client(address), now);
    while (true) {
      long full = bucket.get();
      long next = Math.max(full - now, 0) + interval;
      if (next > tolerance) {
        return Duration.ofNanos(next - tolerance);
      }
      if (bucket.compareAndSet(full, now + next)) {
        return Duration.ZERO;
      }
    }
  }

  int clients() {
    return fullAt.size();
  }

  private AtomicLong bucket(String client, long now) {
    AtomicLong known = fullAt.get(client);
    if (known != null) {
      return known;
    }
    if (fullAt.size() >= MOST_CLIENTS) {
      sweep(now);
    }
    String name = fullAt.size() >= MOST_CLIENTS ? OTHERS : client;
    return fullAt.computeIfAbsent(name, unknown -> new AtomicLong(now));
  }

  private void sweep(long now) {
    long last = sweptAt.get();
    if (now - last >= SWEEP_NANOS && sweptAt.compareAndSet(last, now)) {
      fullAt.values().removeIf(full -> full.get() - now <= 0);
    }
  }

  private static String client(String address) {
    if (address.indexOf(':') < 0) {
      return address;
    }
    int end = -1;
    for (int group = 0; group < IPV6_NETWORK_GROUPS; group++) {
      int colon = address.indexOf(':', end + 1);
      if (colon < 0) {
        return address;
      }
      end = colon;
    }
    return address.substring(0, end);
  }
}
