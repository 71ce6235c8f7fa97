package dev.statecraft.gateway.resilience;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Protects the gateway and one service from each other. A bulkhead limits the requests in flight, and a circuit breaker
 * rejects requests while most of them end without an answer. Any answer of the service, 5xx too, counts as success
 * here; nodes with bad answers are ejected one by one. Thread-safe.
 */
public final class ServiceGuard {
  private static final int WINDOW_REQUESTS = 100;
  private static final int HALF_OPEN_REQUESTS = 10;

  /** The decision about one request. */
  public enum Admission {
    ADMITTED, BULKHEAD_FULL, CIRCUIT_OPEN
  }

  /**
   * The limits of a route.
   *
   * @param maxConcurrent maximum number of requests in flight
   * @param failurePercent percentage of the last 100 requests without an answer that opens the circuit
   * @param minRequests minimum number of requests before the percentage counts
   * @param openFor how long the circuit stays open
   */
  public record Limits(int maxConcurrent, int failurePercent, int minRequests, Duration openFor) {}

  private final Bulkhead bulkhead;
  private final CircuitBreaker breaker;

  public ServiceGuard(String service, Limits limits) {
    bulkhead = Bulkhead.of(service, BulkheadConfig.custom().maxConcurrentCalls(limits.maxConcurrent())
        .maxWaitDuration(Duration.ZERO).writableStackTraceEnabled(false).build());
    breaker = CircuitBreaker.of(service,
        CircuitBreakerConfig.custom()
            .slidingWindow(WINDOW_REQUESTS, limits.minRequests(), SlidingWindowType.COUNT_BASED,
                SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .failureRateThreshold(limits.failurePercent()).waitDurationInOpenState(limits.openFor())
            .permittedNumberOfCallsInHalfOpenState(HALF_OPEN_REQUESTS).writableStackTraceEnabled(false).build());
  }

  /** Asks for admission. After {@code ADMITTED}, exactly one of the other methods must be called. */
  public Admission enter() {
    if (!bulkhead.tryAcquirePermission()) {
      return Admission.BULKHEAD_FULL;
    }
    if (!breaker.tryAcquirePermission()) {
      bulkhead.onComplete();
      return Admission.CIRCUIT_OPEN;
    }
    return Admission.ADMITTED;
  }

  /** Records that the service answered. */
  public void answered(long nanos) {
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    bulkhead.onComplete();
  }

  /** Records that no node answered. */
  public void failed(long nanos, Throwable reason) {
    breaker.onError(nanos, TimeUnit.NANOSECONDS, reason);
    bulkhead.onComplete();
  }

  /**
   * Records an end that says nothing about the service: the client disconnected, or the gateway rejected the request.
   */
  public void abandoned() {
    breaker.releasePermission();
    bulkhead.onComplete();
  }

  /** Tells whether the circuit is open. */
  public boolean isCircuitOpen() {
    return breaker.getState() == CircuitBreaker.State.OPEN;
  }

  /** Returns the number of requests in flight. */
  public int inFlight() {
    return bulkhead.getBulkheadConfig().getMaxConcurrentCalls() - bulkhead.getMetrics().getAvailableConcurrentCalls();
  }
}
