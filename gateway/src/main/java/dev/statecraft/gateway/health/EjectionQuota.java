package dev.statecraft.gateway.health;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds passive ejection to half of a pool (rounded down): when most nodes fail, the failures say more of the
 * requests, or of the network, than of the nodes. Thread-safe.
 */
public final class EjectionQuota {
  private final AtomicInteger ejected = new AtomicInteger();
  private volatile int poolSize;

  /** Sets the number of nodes in the pool. */
  public void poolSize(int nodes) {
    poolSize = nodes;
  }

  boolean tryTake() {
    while (true) {
      int now = ejected.get();
      if (now >= poolSize / 2) {
        return false;
      }
      if (ejected.compareAndSet(now, now + 1)) {
        return true;
      }
    }
  }

  void giveBack() {
    ejected.decrementAndGet();
  }
}
