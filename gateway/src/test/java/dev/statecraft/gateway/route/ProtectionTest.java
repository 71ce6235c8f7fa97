package dev.statecraft.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Too much, too slow and too often end in one clear answer, and cost nobody else anything. */
class ProtectionTest {
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"));
  private static final List<String> ROUTES = List.of("narrow", "thrifty", "breaking", "pooled");
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    List<String> properties = new ArrayList<>();
    for (String route : ROUTES) {
      String at = "statecraft.gateway.routes." + route + '.';
      properties.addAll(List.of(at + "prefix=/" + route, at + "probe.interval=50ms", at + "probe.timeout=5s",
          at + "deadline=600ms",
          at + "attempt-timeout=200ms", at + "slow-start=0s"));
      NODES.forEach(node -> properties.add(at + "nodes." + node.name() + '=' + node.url()));
    }
    properties.addAll(List.of("statecraft.gateway.routes.narrow.protection.concurrent=2",
        "statecraft.gateway.routes.thrifty.protection.retry-budget=0",
        "statecraft.gateway.routes.thrifty.protection.failure-percent=100",
        "statecraft.gateway.routes.breaking.protection.open-for=1h",
        "statecraft.gateway.routes.pooled.connections=2", "statecraft.gateway.routes.pooled.deadline=4s",
        "statecraft.gateway.routes.pooled.attempt-timeout=1s"));
    gateway = TestGateway.start(properties);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    NODES.forEach(Backend::revive);
    for (String route : ROUTES) {
      NODES.forEach(node -> gateway.awaitAvailable(route, node.name(), true));
    }
    NODES.forEach(node -> node.seen().clear());
  }

  @Test
  void nodeIsToldHowLongTheAnswerIsWaitedFor() {
    gateway.get("/pooled/x");
    gateway.get("/pooled/x", "X-Deadline-Millis", "50");
    List<Integer> told = NODES.stream().flatMap(node -> node.seen().stream())
        .map(seen -> Integer.valueOf(seen.headers().get("X-Deadline-Millis"))).sorted().toList();
    assertThat(told).hasSize(2);
    assertThat(told.get(0)).isBetween(1, 50);
    assertThat(told.get(1)).isBetween(51, 4000);
  }

  @Test
  void moreThanTheBulkheadHoldsAreRefusedAtOnceAndOnceDoneOthersPass() {
    NODES.forEach(node -> node.answering((request, response) -> Mono.never()));
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      held.add(gateway.sendAsync(gateway.request("/narrow/x").GET().build()));
    }
    await().until(() -> NODES.stream().mapToInt(node -> node.seen().size()).sum() >= 2);
    HttpResponse<String> refused = gateway.get("/narrow/x");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(held).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(504));
    NODES.forEach(Backend::revive);
    assertThat(gateway.get("/narrow/x").statusCode()).isEqualTo(200);
    assertThat(gateway.metric("statecraft_gateway_refusals_total", "reason=\"bulkhead\"")).isEqualTo(1);
  }

  @Test
  void slowNodeTakesItsOwnConnectionsAndNobodyElses() {
    Backend slow = NODES.getFirst();
    slow.answering((request, response) -> Mono.never());
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      answers.add(gateway.sendAsync(gateway.request("/pooled/x").POST(BodyPublishers.ofString("{}")).build()));
    }
    List<Integer> statuses = answers.stream().map(answer -> answer.join().statusCode()).toList();
    // A connection for each event loop at least, of which there is one for each core.
    int connections = Math.max(2, Runtime.getRuntime().availableProcessors());
    assertThat(slow.seen()).hasSizeBetween(1, connections);
    assertThat(statuses).filteredOn(status -> status == 504).hasSameSizeAs(slow.seen());
    assertThat(statuses).filteredOn(status -> status != 504).allMatch(status -> status == 200);
  }

  @Test
  void clientThatLeavesFreesItsPlace() {
    NODES.forEach(node -> node.answering((request, response) -> Mono.never()));
    for (int i = 0; i < 3; i++) {
      CompletableFuture<HttpResponse<String>> left = gateway
          .sendAsync(gateway.request("/narrow/x", "X-Deadline-Millis", "550").timeout(Duration.ofMillis(100)).GET()
              .build());
      await().until(left::isDone);
    }
    await().until(() -> gateway.metric("statecraft_gateway_requests_underway", "route=\"narrow\"") == 0);
    await().until(() -> gateway.metric("statecraft_gateway_node_inflight", "route=\"narrow\"") == 0);
  }

  @Test
  void retriesEndWithTheBudget() {
    NODES.getFirst().answering((request, response) -> {
      request.withConnection(connection -> connection.dispose());
      return Mono.never();
    });
    int failed = 0;
    for (int i = 0; i < 60; i++) {
      failed += gateway.get("/thrifty/x").statusCode() == 502 ? 1 : 0;
    }
    // Ten retries are on credit; after three in a row the node is out for a while, so not every request meets it.
    assertThat(gateway.metric("statecraft_gateway_retries_total", "route=\"thrifty\"")).isLessThanOrEqualTo(10);
    assertThat(failed).isLessThan(60);
  }

  @Test
  void circuitOpensWhereNobodyAnswers() {
    NODES.forEach(node -> node.answering((request, response) -> {
      request.withConnection(connection -> connection.dispose());
      return Mono.never();
    }));
    await().until(() -> gateway.post("/breaking/x", "").body().contains("it is given time"));
    int before = NODES.stream().mapToInt(node -> node.seen().size()).sum();
    HttpResponse<String> refused = gateway.get("/breaking/x");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(NODES.stream().mapToInt(node -> node.seen().size()).sum()).isEqualTo(before);
    assertThat(gateway.metric("statecraft_gateway_circuit_open", "route=\"breaking\"")).isEqualTo(1);
    assertThat(gateway.get("/narrow/x").statusCode()).isNotEqualTo(503);
  }
}
