package dev.statecraft.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.TestGateway;
import dev.statecraft.gateway.client.TrustedProxies;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.json.JsonMapper;

class FailureWarmUpTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LoopResources resources = LoopResources.create("rehearsal-test", 2, true);

  @AfterEach
  void stop() {
    resources.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(10));
  }

  @Test
  void everyRequestIsAnsweredThoughANodeDiesInEachRound() {
    assertThat(rehearsal(180).play()).isEqualTo(180);
  }

  @Test
  void roundsAreWhole() {
    assertThat(rehearsal(1).play()).isEqualTo(60);
  }

  @Test
  void noneIsPlayedWhereNoneIsWanted() {
    assertThat(rehearsal(0).play()).isZero();
  }

  @Test
  void gatewayStartsWhereItCannotRehearse() {
    FailureWarmUp rehearsal = rehearsal(60);
    resources.disposeLater(Duration.ZERO, Duration.ofSeconds(2)).block(Duration.ofSeconds(10));
    rehearsal.start();
    assertThat(rehearsal.isRunning()).isTrue();
  }

  @Test
  void nothingOfItIsLeftInTheMetrics() {
    try (TestGateway gateway = TestGateway.start(List.of("statecraft.gateway.rehearsal=60",
        "statecraft.gateway.routes.shop.prefix=/shop",
        "statecraft.gateway.routes.shop.nodes.one=http://127.0.0.1:1"))) {
      assertThat(gateway.get("/actuator/prometheus").body()).contains("route=\"shop\"").doesNotContain("rehearsal");
      assertThat(gateway.get("/rehearsal/whoami").statusCode()).isEqualTo(404);
    }
  }

  private FailureWarmUp rehearsal(int requests) {
    GatewayServices tools = new GatewayServices(new GatewayMetrics(registry), JsonMapper.shared(),
        TrustedProxies.parse(List.of()), Schedulers.parallel(), System::nanoTime);
    return new FailureWarmUp(requests, tools, new EventLoops(resources));
  }
}
