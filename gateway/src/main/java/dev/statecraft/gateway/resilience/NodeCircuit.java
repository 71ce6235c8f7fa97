package dev.statecraft.gateway.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The circuit breaker of one node. It is open while most attempts get no answer, and then rejects all attempts for a
 * time. Any answer counts as success, 5xx too, from the moment of its head: a stream must not hold a place until it
 * ends. What a client or the gateway caused does not count. Thread-safe.
 */
public final class NodeCircuit {
  private static final int WINDOW_ATTEMPTS = 100;
  private static final int HALF_OPEN_ATTEMPTS = 10;

  /**
   * When the circuit opens.
   *
   * @param failurePercent percentage of the last 100 attempts without an answer that opens the circuit
   * @param minAttempts minimum number of attempts before the percentage counts
   * @param openFor how long the circuit stays open
   */
  public record Limits(int failurePercent, int minAttempts, Duration openFor) {}

  private final CircuitBreaker breaker;

  public NodeCircuit(String node, Limits limits) {
    breaker = CircuitBreaker.of(node, CircuitBreakerConfig.custom()
        .slidingWindow(WINDOW_ATTEMPTS, limits.minAttempts(), SlidingWindowType.COUNT_BASED,
            SlidingWindowSynchronizationStrategy.LOCK_FREE)
        .failureRateThreshold(limits.failurePercent()).waitDurationInOpenState(limits.openFor())
        .permittedNumberOfCallsInHalfOpenState(HALF_OPEN_ATTEMPTS).writableStackTraceEnabled(false).build());
  }

  /**
   * Admits an attempt, after which one of the other methods must be called. Returns false while the circuit is open.
   */
  public boolean tryAcquire() {
    return breaker.tryAcquirePermission();
  }

  /** Records that the node sent the head of an answer. */
  public void answered(long nanos) {
    breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
  }

  /** Records that the node did not answer, by its own fault. */
  public void failed(long nanos, Throwable reason) {
    breaker.onError(nanos, TimeUnit.NANOSECONDS, reason);
  }

  /** Records that the attempt said nothing about the node. */
  public void released() {
    breaker.releasePermission();
  }

  /** Tells whether the circuit is open. */
  public boolean isOpen() {
    return breaker.getState() == CircuitBreaker.State.OPEN;
  }
}
