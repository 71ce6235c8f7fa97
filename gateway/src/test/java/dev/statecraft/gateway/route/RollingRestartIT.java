package dev.statecraft.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.LayerFourBalancer;
import dev.statecraft.gateway.LoadGenerator;
import dev.statecraft.gateway.TestGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Restarts nodes or gateways one after another under load; no request may fail. */
class RollingRestartIT {
  private static final List<Backend> NODES = Stream.of("one", "two", "three")
      .map(name -> Backend.start(name).withoutRecord()).toList();
  private static final String[] ROUTE = {"statecraft.gateway.routes.shop.slow-start=100ms",
    "statecraft.gateway.routes.shop.deadline=20s", "statecraft.drain=300ms"};

  @AfterAll
  static void stop() {
    NODES.forEach(Backend::close);
  }

  @Test
  void restartOfEachNodeFailsNoRequest() throws InterruptedException {
    try (TestGateway gateway = TestGateway.over(NODES, ROUTE);
        LoadGenerator load = new LoadGenerator(gateway.port(), "/shop/x", 4)) {
      for (Backend node : NODES) {
        awaitMore(load);
        node.ready(false);
        gateway.awaitAvailable("shop", node.name(), false);
        // Like a service, the node closes its port after its requests in flight are answered.
        await().until(() -> gateway.metric("statecraft_gateway_node_inflight", "node=\"" + node.name() + '"') == 0);
        node.kill();
        awaitMore(load);
        node.restart();
        node.ready(true);
        gateway.awaitAvailable("shop", node.name(), true);
      }
      awaitMore(load);
      assertThat(load.stop()).isEmpty();
    }
  }

  @Test
  void restartOfEachGatewayFailsNoRequest() throws Exception {
    List<TestGateway> gateways = new ArrayList<>();
    try (LayerFourBalancer address = new LayerFourBalancer()) {
      for (int i = 0; i < 2; i++) {
        TestGateway gateway = TestGateway.over(NODES, ROUTE);
        gateways.add(gateway);
        address.add(gateway.port());
      }
      try (LoadGenerator load = new LoadGenerator(address.port(), "/shop/x", 4)) {
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
        assertThat(load.stop()).isEmpty();
      }
    } finally {
      gateways.forEach(TestGateway::close);
    }
  }

  private static void awaitMore(LoadGenerator load) {
    int before = load.answers();
    await().until(() -> load.answers() > before + 50);
  }
}
