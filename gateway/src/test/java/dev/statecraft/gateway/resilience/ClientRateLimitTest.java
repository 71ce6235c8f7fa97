package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ClientRateLimitTest {
  private final AtomicLong clock = new AtomicLong(-5);

  @Test
  void burstPassesAndThenTheRate() {
    ClientRateLimit limit = new ClientRateLimit(10, 5, clock::get);
    for (int i = 0; i < 5; i++) {
      assertThat(limit.take("10.0.0.1")).isZero();
    }
    assertThat(limit.take("10.0.0.1")).isEqualTo(Duration.ofMillis(100));
    assertThat(limit.take("10.0.0.2")).isZero();
    clock.addAndGet(Duration.ofMillis(100).toNanos());
    assertThat(limit.take("10.0.0.1")).isZero();
    assertThat(limit.take("10.0.0.1")).isPositive();
  }

  @Test
  void noLimitIsNoLimit() {
    ClientRateLimit limit = new ClientRateLimit(0, 1, clock::get);
    for (int i = 0; i < 1_000; i++) {
      assertThat(limit.take("10.0.0.1")).isZero();
    }
    assertThat(limit.clients()).isZero();
  }

  @Test
  void personHasAWholeNetworkOfTheNewerFamily() {
    ClientRateLimit limit = new ClientRateLimit(1, 1, clock::get);
    assertThat(limit.take("2001:db8:0:1:0:0:0:1")).isZero();
    assertThat(limit.take("2001:db8:0:1:ffff:0:0:2")).isPositive();
    assertThat(limit.take("2001:db8:0:2:0:0:0:1")).isZero();
  }

  @Test
  void memoryIsBoundedAndIdleClientsAreForgotten() {
    ClientRateLimit limit = new ClientRateLimit(1, 1, clock::get);
    for (int i = 0; i < ClientRateLimit.MOST_CLIENTS + 50_000; i++) {
      limit.take("client-" + i);
    }
    assertThat(limit.clients()).isLessThanOrEqualTo(ClientRateLimit.MOST_CLIENTS + 1);
    clock.addAndGet(Duration.ofMinutes(1).toNanos());
    limit.take("one more");
    assertThat(limit.clients()).isEqualTo(1);
  }
}
