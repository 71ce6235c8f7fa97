package dev.statecraft.service.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.node.NodeProperties;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

class OverloadResponseTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final OverloadResponse overload = new OverloadResponse(
      new NodeProperties("node-1", DataSize.ofMegabytes(1), Duration.ofSeconds(1)), "All threads are busy", "pool",
      registry);

  @Test
  void isAProblemDocumentWithRetryAfter() {
    String body = new String(overload.body(), StandardCharsets.US_ASCII);
    assertThat(new JsonMapper().readTree(body).get("status").asInt()).isEqualTo(503);
    assertThat(overload.headers()).containsOnly(Map.entry("X-Served-By", "node-1"), Map.entry("Retry-After", "1"),
        Map.entry("Content-Type", "application/problem+json"),
        Map.entry("Content-Length", Integer.toString(overload.body().length)));
  }

  @Test
  void countsByConcurrencyModel() {
    overload.count();
    overload.count();
    assertThat(registry.counter("concurrency.shed", "model", "pool").count()).isEqualTo(2);
  }

  @Test
  void exemptsActuatorOnly() {
    assertThat(OverloadResponse.isExempt("/actuator/health")).isTrue();
    assertThat(OverloadResponse.isExempt("/work")).isFalse();
  }
}
