package dev.statecraft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import dev.statecraft.gateway.client.Drain;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** The life of requests on the fast path, apart from their answers. */
class FastPathIT {
  private static final String ON = "statecraft.gateway.fast-path=true";
  private static final String IN_FLIGHT = "statecraft_gateway_node_inflight";

  private final Backend node = Backend.start("one");
  private final CompletableFuture<String> answer = new CompletableFuture<>();

  @AfterEach
  void stop() {
    node.close();
  }

  private void answerLater() {
    node.answering((request, response) -> response.sendString(Mono.fromFuture(answer)));
  }

  @Test
  void shutdownWaitsForRequests() {
    answerLater();
    CompletableFuture<HttpResponse<String>> request;
    CompletableFuture<Void> stopped;
    try (TestGateway gateway = TestGateway.over(List.of(node), ON, "statecraft.gateway.routes.shop.deadline=20s")) {
      request = gateway.sendAsync(gateway.request("/shop/cart").GET().build());
      await().until(() -> node.received().size() == 1);
      Drain drain = gateway.context().getBean(Drain.class);
      stopped = CompletableFuture.runAsync(gateway.context()::close);
      await().until(drain::isDraining);
      assertThat(request).isNotDone();
      answer.complete("late");
      assertThat(request.join().statusCode()).isEqualTo(200);
      stopped.join();
    }
  }

  @Test
  void disconnectedClientHoldsNothing() throws Exception {
    answerLater();
    try (TestGateway gateway = TestGateway.over(List.of(node), ON, "statecraft.gateway.routes.shop.deadline=1h",
        "statecraft.gateway.routes.shop.attempt-timeout=1h", "statecraft.gateway.routes.shop.connections=1")) {
      for (int i = 1; i <= 3; i++) {
        int number = i;
        try (RawClient client = RawClient.connect(gateway.port())) {
          client.send("GET /shop/cart HTTP/1.1\r\nHost: a\r\n\r\n");
          // With one connection, the next request arrives only if the one before gave its permit back.
          await().until(() -> node.received().size() == number);
        }
        await().until(() -> gateway.metric(IN_FLIGHT) == 0);
      }
      assertThat(gateway.metric("statecraft_gateway_requests_underway")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"statecraft.gateway.access-log=json", "server.compression.enabled=true",
    "management.tracing.export.enabled=true", "management.observations.enable.http.server.requests=true",
    "statecraft.gateway.fast-path=false"})
  void whatAppliesToEachRequestTurnsThePathOff(String property) {
    try (TestGateway gateway = TestGateway.over(List.of(node), ON, property)) {
      assertThat(gateway.context().getBean(FastPath.class).isUsed()).isFalse();
    }
    try (TestGateway gateway = TestGateway.over(List.of(node), ON)) {
      assertThat(gateway.context().getBean(FastPath.class).isUsed()).isTrue();
    }
  }

  /** Not a component, so that other tests do not have it. */
  @Configuration(proxyBeanMethods = false)
  static class FilteringApplication {
    @Bean
    WebFilter filter() {
      return (exchange, chain) -> chain.filter(exchange);
    }
  }

  @Test
  void filtersOfTheApplicationTurnThePathOff() {
    try (TestGateway gateway = TestGateway.start(List.of(ON, "statecraft.gateway.routes.shop.prefix=/shop",
        "statecraft.gateway.routes.shop.nodes.one=" + node.url()), FilteringApplication.class)) {
      assertThat(gateway.context().getBean(FastPath.class).isUsed()).isFalse();
    }
    try (TestGateway gateway = TestGateway.over(List.of(node), ON)) {
      assertThat(gateway.context().getBean(FastPath.class).isUsed()).isTrue();
    }
  }
}
