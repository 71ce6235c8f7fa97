package dev.statecraft.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.LayerFour;
import dev.statecraft.gateway.Load;
import dev.statecraft.gateway.TestGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Restarts that are announced cost no request of any method. */
class RollingRestartTest {
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"),
      Backend.start("three"));
  private static final String[] ROUTE = {"statecraft.gateway.routes.shop.slow-start=100ms",
    "statecraft.gateway.routes.shop.deadline=20s", "statecraft.drain=300ms"};

  @AfterAll
  static void stop() {
    NODES.forEach(Backend::close);
  }

  @Test
  void eachNodeInTurn() throws InterruptedException {
    try (TestGateway gateway = TestGateway.over(NODES, ROUTE); Load load = new Load(gateway.port(), "/shop/x", 4)) {
      for (Backend node : NODES) {
        awaitMore(load);
        node.ready(false);
        gateway.awaitAvailable("shop", node.name(), false);
        // What the gateway sent before it knew is answered by now; a service waits for that before it closes its port.
        await().until(() -> gateway.metric("statecraft_gateway_node_inflight", "node=\"" + node.name() + '"') == 0);
        node.kill();
        awaitMore(load);
        node.restart();
        node.ready(true);
        gateway.awaitAvailable("shop", node.name(), true);
      }
      awaitMore(load);
      assertThat(load.failures()).isEmpty();
    }
  }

  @Test
  void eachOfTwoGatewaysInTurn() throws Exception {
    List<TestGateway> gateways = new ArrayList<>();
    try (LayerFour address = new LayerFour()) {
      for (int i = 0; i < 2; i++) {
        TestGateway gateway = TestGateway.over(NODES, ROUTE);
        gateways.add(gateway);
        address.add(gateway.port());
      }
      try (Load load = new Load(address.port(), "/shop/x", 4)) {
        for (int i = 0; i < 2; i++) {
          awaitMore(load);
          int port = gateways.get(i).port();
          gateways.get(i).close();
          awaitMore(load);
          List<String> same = new ArrayList<>(List.of(ROUTE));
          same.add("server.port=" + port);
          gateways.set(i, TestGateway.over(NODES, same.toArray(String[]::new)));
        }
        awaitMore(load);
        assertThat(load.failures()).isEmpty();
      }
    } finally {
      gateways.forEach(TestGateway::close);
    }
  }

  private static void awaitMore(Load load) {
    int before = load.answers();
    await().atMost(Duration.ofSeconds(30)).until(() -> load.answers() > before + 50);
  }
}
