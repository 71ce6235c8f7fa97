package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClientRateLimiterTest {
  private final AtomicLong clock = new AtomicLong(-5);

  @Test
  void admitsBurstAndThenRate() {
    ClientRateLimiter limiter = new ClientRateLimiter(10, 5, clock::get);
    for (int i = 0; i < 5; i++) {
      assertThat(limiter.tryAcquire("10.0.0.1")).isZero();
    }
    assertThat(limiter.tryAcquire("10.0.0.1")).isEqualTo(Duration.ofMillis(100));
    assertThat(limiter.tryAcquire("10.0.0.2")).isZero();
    clock.addAndGet(Duration.ofMillis(100).toNanos());
    assertThat(limiter.tryAcquire("10.0.0.1")).isZero();
    assertThat(limiter.tryAcquire("10.0.0.1")).isPositive();
  }

  @Test
  void admitsAllWithoutLimit() {
    ClientRateLimiter limiter = new ClientRateLimiter(0, 1, clock::get);
    for (int i = 0; i < 1_000; i++) {
      assertThat(limiter.tryAcquire("10.0.0.1")).isZero();
    }
    assertThat(limiter.clients()).isZero();
  }

  @Test
  void boundsMemoryAndRemovesIdleClients() {
    ClientRateLimiter limiter = new ClientRateLimiter(1, 1, clock::get);
    for (int i = 0; i < ClientRateLimiter.MAX_CLIENTS + 50_000; i++) {
      limiter.tryAcquire("client-" + i);
    }
    assertThat(limiter.clients()).isLessThanOrEqualTo(ClientRateLimiter.MAX_CLIENTS + 1);
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    limiter.tryAcquire("one more");
    assertThat(limiter.clients()).isEqualTo(1);
  }
}
