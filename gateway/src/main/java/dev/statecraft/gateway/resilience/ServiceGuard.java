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
 * Keeps one service from dragging the gateway, and the gateway from beating one service that lies on the ground: a
 * bulkhead bounds what is under way, and a circuit breaker fails at once while most requests end without any answer.
 * What a service answers, 5xx too, is an answer; nodes that answer badly are ejected one by one. Thread-safe.
 */
public final class ServiceGuard {
  private static final int WINDOW = 100;
  private static final int TRIALS = 10;

  /** Whether a request may go on. */
  public enum Admission {
    ADMITTED, BUSY, BROKEN
  }

  /**
   * Bounds.
   *
   * @param concurrent most requests under way
   * @param failurePercent share of the last hundred requests without an answer that opens the circuit
   * @param leastRequests requests before that is judged
   * @param openFor how long it stays open
   */
  public record Bounds(int concurrent, int failurePercent, int leastRequests, Duration openFor) {}

  private final Bulkhead bulkhead;
  private final CircuitBreaker breaker;

  public ServiceGuard(String service, Bounds bounds) {
    bulkhead = Bulkhead.of(service, BulkheadConfig.custom().maxConcurrentCalls(bounds.concurrent())
        .maxWaitDuration(Duration.ZERO).writableStackTraceEnabled(false).build());
    breaker = CircuitBreaker.of(service, CircuitBreakerConfig.custom()
        .slidingWindow(WINDOW, bounds.leastRequests(), SlidingWindowType.COUNT_BASED,
            SlidingWindowSynchronizationStrategy.LOCK_FREE)
        .failureRateThreshold(bounds.failurePercent()).waitDurationInOpenState(bounds.openFor())
        .permittedNumberOfCallsInHalfOpenState(TRIALS).writableStackTraceEnabled(false).build());
  }

  /** Asks to go on; whoever is admitted must say how it ended, once. */
  public Admission enter() {
    if (!bulkhead.tryAcquirePermission()) {
      return Admission.BUSY;
    }
    if (!breaker.tryAcquirePermission()) {
      bulkhead.onComplete();
      return Admission.BROKEN;
    }
    return Admission.ADMITTED;
  }

  /** The service answered. */
  public void answered(long nanos) {
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
    bulkhead.onComplete();
  }

  /** No node gave an answer. */
  public void failed(long nanos, Throwable reason) {
    breaker.onError(nanos, TimeUnit.NANOSECONDS, reason);
    bulkhead.onComplete();
  }

  /** The client left, or the gateway itself refused: nothing was learned of the service. */
  public void abandoned() {
    breaker.releasePermission();
    bulkhead.onComplete();
  }

  /** Returns the circuit's state, for metrics. */
  public String circuit() {
    return breaker.getState().name();
  }

  /** Returns how many requests are under way. */
  public int underWay() {
    return bulkhead.getBulkheadConfig().getMaxConcurrentCalls() - bulkhead.getMetrics().getAvailableConcurrentCalls();
  }
}
