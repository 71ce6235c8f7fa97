package dev.statecraft.session.redisclient;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisCommandExecutionException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.data.redis.RedisConnectionFailureException;
import org.springframework.data.redis.RedisSystemException;

class RedisMetricsTest {
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ConnectionMonitor monitor = new ConnectionMonitor(Duration.ofSeconds(1));

  private void assertExports(double up, double primary) {
    assertThat(meters.get("statecraft.session.redis.up").gauge().value()).isEqualTo(Double.valueOf(up));
    assertThat(meters.get("statecraft.session.redis.primary").gauge().value()).isEqualTo(Double.valueOf(primary));
  }

  @Test
  void tellsRefusedWritesFromNoAnswer() {
    new RedisClientConfiguration().sessionRedisMetrics(monitor).bindTo(meters);
    assertExports(Double.NaN, Double.NaN);
    monitor.probed(ProbedRedis.ACCEPTS_WRITES);
    assertExports(1, 1);
    monitor.probed(ProbedRedis.of(new RedisSystemException("Error in execution",
        new RedisCommandExecutionException("READONLY You can't write against a read only replica."))));
    assertExports(1, 0);
    monitor.probed(ProbedRedis.of(new RedisConnectionFailureException("Unable to connect")));
    assertExports(0, 0);
  }
}
