package dev.statecraft.gateway.warmup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.TestGateway;
import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.forward.GatewayServices;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import dev.statecraft.gateway.resilience.MemoryBudget;
import dev.statecraft.gateway.trace.AttemptTracing;
import dev.statecraft.gateway.upstream.EventLoops;
import dev.statecraft.gateway.websocket.WebSockets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

class FailureWarmUpIT {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LoopResources resources = LoopResources.create("failure-warm-up-test", 2, true);

  @AfterEach
  void stop() {
    resources.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(10));
  }

  @Test
  void answersEveryRequestWhileNodesFail() {
    assertThat(warmUp(180).run()).isEqualTo(180);
  }

  @Test
  void roundsUpToWholeRounds() {
    assertThat(warmUp(1).run()).isEqualTo(60);
  }

  @Test
  void sendsNothingIfDisabled() {
    assertThat(warmUp(0).run()).isZero();
  }

  @Test
  void gatewayStartsIfWarmUpFails() {
    FailureWarmUp warmUp = warmUp(60);
    resources.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(10));
    warmUp.start();
    assertThat(warmUp.isRunning()).isTrue();
  }

  @Test
  void leavesNothingInMetricsOrRoutes() {
    try (TestGateway gateway = TestGateway.start(List.of("statecraft.gateway.failure-warm-up=60",
        "statecraft.gateway.routes.shop.prefix=/shop",
        "statecraft.gateway.routes.shop.nodes.one=http://127.0.0.1:1"))) {
      assertThat(gateway.get("/actuator/prometheus").body()).contains("route=\"shop\"")
          .doesNotContain("failure-warm-up");
      assertThat(gateway.get("/failure-warm-up/whoami").statusCode()).isEqualTo(404);
    }
  }

  private FailureWarmUp warmUp(int requests) {
    MemoryBudget memory = new MemoryBudget(1_000_000);
    GatewayServices services = new GatewayServices(new GatewayMetrics(registry), JsonMapper.shared(),
        TrustedProxies.parse(List.of(), 64), memory,
        new WebSockets(1, Duration.ofMinutes(1), memory, new SimpleMeterRegistry(), System::nanoTime),
        AttemptTracing.OFF, System::nanoTime);
    return new FailureWarmUp(requests, Duration.ofMinutes(1), services, new EventLoops(resources));
  }
}
