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
    return tryAcquire(1);
  }

  /** Takes a part unless more than this share of the pool would be ejected. The limit of half a pool holds too. */
  boolean tryAcquire(double maxShare) {
    while (true) {
      int current = ejected.get();
      if (current >= Math.min(poolSize / 2, (int) (poolSize * maxShare))) {
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
