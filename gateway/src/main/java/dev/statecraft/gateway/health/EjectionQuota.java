package dev.statecraft.gateway.health;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Limits passive ejection to half of a pool, rounded down. If most nodes fail, the likely cause is the requests or the
 * network, not the nodes. Thread-safe.
 */
public final class EjectionQuota {
  private final AtomicInteger ejected = new AtomicInteger();
  private volatile int poolSize;

  /** Sets the number of nodes in the pool. */
  public void poolSize(int nodes) {
    poolSize = nodes;
  }

  boolean tryAcquire() {
    while (true) {
      int current = ejected.get();
      if (current >= poolSize / 2) {
        return false;
      }
      if (ejected.compareAndSet(current, current + 1)) {
        return true;
      }
    }
  }

  void release() {
    ejected.decrementAndGet();
  }
}
