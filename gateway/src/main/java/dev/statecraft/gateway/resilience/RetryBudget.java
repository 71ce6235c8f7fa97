package dev.statecraft.gateway.resilience;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Limits the load that retries add. Each request earns a fraction of a retry and each retry costs one, as in Finagle.
 * The budget starts with 10 retries, so that a route with little traffic can retry, and never exceeds 100. Lock-free.
 */
public final class RetryBudget {
  private static final long ONE_RETRY = 1_000;
  private static final long INITIAL_BALANCE = 10 * ONE_RETRY;
  private static final long MAX_BALANCE = 10 * INITIAL_BALANCE;

  private final long earning;
  private final AtomicLong balance;
  private final LongAdder denied = new LongAdder();

  /**
   * Makes a budget.
   *
   * @param retriesPerRequest for example 0.2; 0 for no retry at all
   */
  public RetryBudget(double retriesPerRequest) {
    this.earning = Math.round(retriesPerRequest * ONE_RETRY);
    this.balance = new AtomicLong(earning == 0 ? 0 : INITIAL_BALANCE);
  }

  /** Records a request. */
  public void recordRequest() {
    if (balance.get() < MAX_BALANCE) {
      balance.addAndGet(earning);
    }
  }

  /** Number of retries that the budget allows now. */
  public double available() {
    return (double) balance.get() / ONE_RETRY;
  }

  /** Number of retries that the budget did not allow. */
  public long denied() {
    return denied.sum();
  }

  /** Spends one retry. Returns false if the budget is exhausted. */
  public boolean tryRetry() {
    while (true) {
      long current = balance.get();
      if (current < ONE_RETRY) {
        denied.increment();
        return false;
      }
      if (balance.compareAndSet(current, current - ONE_RETRY)) {
        return true;
      }
    }
  }
}
