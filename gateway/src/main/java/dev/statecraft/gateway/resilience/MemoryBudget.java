package dev.statecraft.gateway.resilience;

import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Bounds the bytes of bodies that the gateway holds for all exchanges together. If they are used up, the exchanges with
 * the slowest clients are ended. Thread-safe.
 */
public final class MemoryBudget {
  private static final int MAX_RECLAIMED = 16;

  private final AtomicLong free;
  private final long total;

  public MemoryBudget(long bytes) {
    this.total = bytes;
    this.free = new AtomicLong(bytes);
  }

  /** Takes bytes for an exchange of this client. Returns null if there are none left. */
  public @Nullable Lease tryAcquire(long bytes, ClientConnection client) {
    boolean acquired = take(bytes);
    for (int i = 0; !acquired && i < MAX_RECLAIMED && client.reclaim(this); i++) {
      acquired = take(bytes);
    }
    return acquired ? client.hold(this, () -> free.addAndGet(bytes)) : null;
  }

  /** Returns the bytes that are in use. */
  public long used() {
    return total - free.get();
  }

  private boolean take(long bytes) {
    while (true) {
      long now = free.get();
      if (now < bytes) {
        return false;
      }
      if (free.compareAndSet(now, now - bytes)) {
        return true;
      }
    }
  }
}
