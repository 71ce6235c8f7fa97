package dev.statecraft.gateway.resilience;

import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Limits the requests of one service in flight. If there are too many, the exchange with the slowest client is ended in
 * favor of the new one. Thread-safe.
 */
public final class ServiceBulkhead {
  private final Bulkhead bulkhead;

  /**
   * Makes an empty bulkhead.
   *
   * @param maxConcurrent maximum number of requests in flight
   */
  public ServiceBulkhead(String service, int maxConcurrent) {
    bulkhead = Bulkhead.of(service, BulkheadConfig.custom().maxConcurrentCalls(maxConcurrent)
        .maxWaitDuration(Duration.ZERO).writableStackTraceEnabled(false).build());
  }

  /** Admits a request of this client, or returns null. */
  public @Nullable Lease tryEnter(ClientConnection client) {
    if (!bulkhead.tryAcquirePermission() && !(client.reclaim(this) && bulkhead.tryAcquirePermission())) {
      return null;
    }
    return client.hold(this, bulkhead::onComplete);
  }

  /** Returns the number of requests in flight. */
  public int inFlight() {
    return bulkhead.getBulkheadConfig().getMaxConcurrentCalls() - bulkhead.getMetrics().getAvailableConcurrentCalls();
  }
}
