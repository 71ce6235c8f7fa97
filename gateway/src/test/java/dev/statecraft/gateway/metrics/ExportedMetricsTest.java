package dev.statecraft.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.architecture.MetricsReference;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import dev.statecraft.gateway.health.FailureCause;
import dev.statecraft.gateway.health.NodeStatus;
import dev.statecraft.gateway.health.StatusChange;
import dev.statecraft.gateway.resilience.AttemptFailure;
import dev.statecraft.gateway.resilience.RetryBudget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExportedMetricsTest {
  @Test
  void referenceDescribesMetricsOfTheGateway() throws Exception {
    try (TestGateway gateway = TestGateway.start(List.of("statecraft.gateway.routes.shop.prefix=/shop",
        "statecraft.gateway.routes.shop.nodes.shop-0=http://127.0.0.1:1", "spring.data.redis.port=1"))) {
      assertThat(gateway.get("/shop/").statusCode()).isGreaterThanOrEqualTo(500);
      try (RawClient client = RawClient.connect(gateway.port())) {
        assertThat(client.send("GET /shop/ HTTP/1.1\r\n\r\n").readResponse().status()).isEqualTo(400);
      }
      GatewayMetrics metrics = gateway.context().getBean(GatewayMetrics.class);
      metrics.countRetry("shop", AttemptFailure.Kind.DECLINED);
      metrics.countRejected("shop", "bulkhead");
      metrics.countUnverifiedAffinity("shop");
      MetricsReference.assertDescribes(gateway.get("/actuator/prometheus").body(), "statecraft_gateway_");
    }
  }

  @Test
  void nodeThatLeftIsNotCounted() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    new GatewayMetrics(registry).healthListener("shop", "shop-0").changed(
        new StatusChange(NodeStatus.AVAILABLE, NodeStatus.EJECTED, FailureCause.REFUSED, Duration.ofSeconds(1)));
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void exportsWhatTheRetryBudgetDenies() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    RetryBudget budget = new GatewayMetrics(registry).watch("shop", new RetryBudget(0));
    while (budget.tryRetry()) {
      assertThat(registry.get("statecraft.gateway.retry.budget").gauge().value()).isNotNegative();
    }
    assertThat(registry.get("statecraft.gateway.retry.budget").gauge().value()).isZero();
    assertThat(registry.get("statecraft.gateway.retries.denied").functionCounter().count()).isEqualTo(1);
  }
}
