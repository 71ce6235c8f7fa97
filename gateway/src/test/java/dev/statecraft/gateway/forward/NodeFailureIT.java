package dev.statecraft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Requests while nodes fail. */
class NodeFailureIT {
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"),
      Backend.start("three"));
  private static final Backend ONE = NODES.get(0);
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    // Round robin without slow start avoids no node, so each of three requests goes to another node.
    gateway = TestGateway.over(NODES, "statecraft.gateway.routes.shop.balance=round-robin",
        "statecraft.gateway.routes.shop.attempt-timeout=1s", "statecraft.gateway.routes.shop.deadline=60s",
        "statecraft.gateway.routes.shop.slow-start=0s", "statecraft.gateway.routes.shop.connect-timeout=30s",
        "statecraft.gateway.client.trusted-proxies=127.0.0.0/8");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    NODES.forEach(Backend::reset);
    NODES.forEach(node -> gateway.awaitAvailable("shop", node.name(), true));
    NODES.forEach(node -> node.received().clear());
  }

  @Test
  void killedNodeFailsNoGet() {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      if (i == 100) {
        ONE.kill();
      }
      answers.add(gateway.sendAsync(gateway.request("/shop/x").GET().build()));
      if (i % 10 == 0) {
        answers.getLast().join();
      }
    }
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    gateway.awaitAvailable("shop", "one", false);
    assertThat(gateway.metric("statecraft_gateway_ejections_total", "node=\"one\"")).isPositive();
  }

  @Test
  void anotherNodeServesGetOfKilledNode() {
    hang(ONE);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(gateway.sendAsync(gateway.request("/shop/x").GET().build()));
    }
    await().until(() -> !ONE.received().isEmpty());
    ONE.kill();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().body()).isIn("two", "three"));
  }

  @Test
  void leastConnectionsAvoidsNodeThatHoldsRequest() {
    NODES.forEach(NodeFailureIT::hang);
    try (TestGateway withDefaultRule = TestGateway.over(NODES,
        "statecraft.gateway.routes.shop.attempt-timeout=60s", "statecraft.gateway.routes.shop.deadline=60s")) {
      CompletableFuture<HttpResponse<String>> held = withDefaultRule
          .sendAsync(withDefaultRule.request("/shop/held").GET().build());
      await().until(() -> NODES.stream().anyMatch(node -> !node.received().isEmpty()));
      Backend holder = NODES.stream().filter(node -> !node.received().isEmpty()).findFirst().orElseThrow();
      NODES.stream().filter(node -> node != holder).forEach(Backend::reset);
      for (int i = 0; i < 30; i++) {
        assertThat(withDefaultRule.get("/shop/x").statusCode()).isEqualTo(200);
      }
      assertThat(holder.received()).hasSize(1);
      holder.kill();
      assertThat(held.join().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void postOfKilledNodeIsNotRepeated() {
    NODES.forEach(NodeFailureIT::hang);
    var answer = gateway.sendAsync(gateway.request("/shop/x").POST(BodyPublishers.ofString("{}")).build());
    await().until(() -> sent() == 1);
    NODES.stream().filter(node -> !node.received().isEmpty()).forEach(Backend::kill);
    HttpResponse<String> response = answer.join();
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(sent()).isEqualTo(1);
  }

  @Test
  void unsentPostGoesToAnotherNode() {
    ONE.kill();
    for (int i = 0; i < 6; i++) {
      assertThat(gateway.post("/shop/x", "{}").statusCode()).isEqualTo(200);
    }
    assertThat(sent()).isEqualTo(6);
  }

  @Test
  void answers503IfNoNodeIsReachable() {
    NODES.forEach(Backend::kill);
    HttpResponse<String> response = gateway.post("/shop/x", "{}");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
  }

  @Test
  void anotherNodeServesGetOfSlowNode() {
    hang(ONE);
    double before = gateway.metric("statecraft_gateway_retries_total", "after=\"timed-out\"");
    for (int i = 0; i < 3; i++) {
      assertThat(gateway.get("/shop/x").body()).isIn("two", "three");
    }
    assertThat(gateway.metric("statecraft_gateway_retries_total", "after=\"timed-out\"")).isGreaterThan(before);
  }

  @Test
  void postToSlowNodeEndsAtTheDeadline() {
    NODES.forEach(NodeFailureIT::hang);
    HttpResponse<String> response = gateway.post("/shop/x", "{}", "X-Deadline-Millis", "500");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(sent()).isLessThanOrEqualTo(1);
  }

  @Test
  void anotherNodeReplacesTruncatedShortResponse() {
    ONE.answering((request, response) -> response.header("Content-Length", "10")
        .sendString(Flux.just("half").concatWith(Flux.error(new IOException("injected")))));
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response = gateway.get("/shop/x");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isIn("two", "three");
    }
  }

  @Test
  void truncatedStreamEndsWithAnError() {
    NODES.forEach(node -> node.answering((request, response) -> response
        .sendString(Flux.just("part ").concatWith(Flux.error(new IOException("injected"))))));
    assertThatThrownBy(() -> gateway.get("/shop/x")).isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void admitsRestartedNode() {
    ONE.kill();
    gateway.get("/shop/x");
    gateway.awaitAvailable("shop", "one", false);
    double before = gateway.metric("statecraft_gateway_admissions_total", "node=\"one\"");
    ONE.reset();
    gateway.awaitAvailable("shop", "one", true);
    assertThat(gateway.metric("statecraft_gateway_admissions_total", "node=\"one\"")).isEqualTo(before + 1);
    await().untilAsserted(() -> assertThat(gateway.get("/shop/x").body()).isEqualTo("one"));
  }

  @Test
  void unreadyNodeGetsNoRequests() {
    ONE.ready(false);
    gateway.awaitAvailable("shop", "one", false);
    for (int i = 0; i < 9; i++) {
      assertThat(gateway.get("/shop/x").body()).isIn("two", "three");
    }
    assertThat(ONE.received()).isEmpty();
  }

  private static void hang(Backend node) {
    node.answering((request, response) -> Mono.never());
  }

  private static int sent() {
    return NODES.stream().mapToInt(node -> node.received().size()).sum();
  }
}
