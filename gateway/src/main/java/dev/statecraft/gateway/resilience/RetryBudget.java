package dev.statecraft.gateway.resilience;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the load that retries add: each request pays in a part of a retry, each retry takes out a whole one (as in
 * Finagle). A few may be made on credit, so that a quiet route can retry at all; a long good spell saves up no more
 * than that times ten. Lock-free.
 */
public final class RetryBudget {
  private static final long ONE = 1_000;
  private static final long CREDIT = 10 * ONE;
  private static final long MOST = 10 * CREDIT;

  private final long share;
  private final AtomicLong balance = new AtomicLong(CREDIT);

  /**
   * Makes a budget.
   *
   * @param share retries for each request, for example 0.2
   */
  public RetryBudget(double share) {
    this.share = Math.round(share * ONE);
  }

  /** Notes a request. */
  public void requested() {
    if (balance.get() < MOST) {
      balance.addAndGet(share);
    }
  }

  /** Takes out one retry; false when the budget is spent. */
  public boolean tryRetry() {
    while (true) {
      long now = balance.get();
      if (now < ONE) {
        return false;
      }
      if (balance.compareAndSet(now, now - ONE)) {
        return true;
      }
    }
  }
}
