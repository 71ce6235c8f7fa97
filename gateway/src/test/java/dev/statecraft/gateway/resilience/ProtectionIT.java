package dev.statecraft.gateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** The gateway rejects overload with one clear answer, and an overloaded route or node does not affect others. */
class ProtectionIT {
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"));
  private static final List<String> ROUTES = List.of("narrow", "thrifty", "breaking", "pooled");
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    List<String> properties = new ArrayList<>();
    for (String route : ROUTES) {
      String at = "statecraft.gateway.routes." + route + '.';
      // Time-outs that no test reaches: what a test holds, it releases itself.
      properties.addAll(List.of(at + "prefix=/" + route, at + "probe.interval=50ms", at + "probe.timeout=5s",
          at + "deadline=60s", at + "attempt-timeout=60s", at + "connect-timeout=30s", at + "slow-start=0s"));
      NODES.forEach(node -> properties.add(at + "nodes." + node.name() + '=' + node.url()));
    }
    properties.addAll(List.of("statecraft.gateway.client.trusted-proxies=127.0.0.0/8",
        "statecraft.gateway.routes.narrow.protection.concurrent=2",
        "statecraft.gateway.routes.thrifty.protection.retry-budget=0",
        "statecraft.gateway.routes.thrifty.protection.failure-percent=100",
        "statecraft.gateway.routes.breaking.protection.open-for=1h",
        "statecraft.gateway.routes.pooled.connections=2", "statecraft.gateway.routes.pooled.balance=round-robin",
        "statecraft.gateway.routes.pooled.attempt-timeout=300ms"));
    gateway = TestGateway.start(properties);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    NODES.forEach(Backend::reset);
    for (String route : ROUTES) {
      NODES.forEach(node -> gateway.awaitAvailable(route, node.name(), true));
    }
    NODES.forEach(node -> node.received().clear());
  }

  @Test
  void sendsRemainingTimeToNode() {
    gateway.get("/narrow/x");
    gateway.get("/narrow/x", "X-Deadline-Millis", "30000");
    List<Integer> sent = NODES.stream().flatMap(node -> node.received().stream())
        .map(received -> Integer.valueOf(received.headers().get("X-Deadline-Millis"))).sorted().toList();
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0)).isBetween(1, 30_000);
    assertThat(sent.get(1)).isBetween(30_001, 60_000);
  }

  @Test
  void bulkheadRejectsRequestsWhileItIsFull() {
    Sinks.Empty<Void> release = Sinks.empty();
    NODES.forEach(node -> holdUntil(release, node));
    List<CompletableFuture<HttpResponse<String>>> held = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      held.add(gateway.sendAsync(gateway.request("/narrow/x").timeout(TIMEOUT).GET().build()));
    }
    await().until(() -> received() == 2);
    HttpResponse<String> rejected = gateway.get("/narrow/x");
    assertThat(rejected.statusCode()).isEqualTo(503);
    assertThat(rejected.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(rejected.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    release.tryEmitEmpty().orThrow();
    assertThat(held).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
    await()
        .until(() -> gateway.metric("statecraft_gateway_requests_underway", "route=\"narrow\"") == 0);
    assertThat(gateway.get("/narrow/x").statusCode()).isEqualTo(200);
    assertThat(gateway.metric("statecraft_gateway_refusals_total", "reason=\"bulkhead\"")).isEqualTo(1);
  }

  @Test
  void slowNodeOccupiesOnlyItsOwnConnections() {
    Backend slow = NODES.getFirst();
    Sinks.Empty<Void> release = Sinks.empty();
    holdUntil(release, slow);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      int before = slow.received().size();
      CompletableFuture<HttpResponse<String>> answer = gateway.sendAsync(post("/pooled/x"));
      answers.add(answer);
      // Round robin chooses the slow node for every second request. Without a free connection, the other node answers.
      await().until(() -> answer.isDone() || slow.received().size() > before);
    }
    // Two connections to each node, whichever event loops the clients are on.
    assertThat(slow.received()).hasSize(2);
    assertThat(answers).filteredOn(CompletableFuture::isDone).hasSize(answers.size() - slow.received().size());
    release.tryEmitEmpty().orThrow();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
  }

  @Test
  void disconnectedClientFreesItsPlace() throws IOException {
    NODES.forEach(node -> node.answering((request, response) -> Mono.never()));
    for (int i = 1; i <= 3; i++) {
      int requests = i;
      try (RawClient client = RawClient.connect(gateway.port())) {
        client.send("GET /narrow/x HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        await().until(() -> received() == requests);
      }
      await()
          .until(() -> gateway.metric("statecraft_gateway_requests_underway", "route=\"narrow\"") == 0);
    }
    await().until(() -> gateway.metric("statecraft_gateway_node_inflight", "route=\"narrow\"") == 0);
  }

  @Test
  void retriesEndWithTheBudget() {
    breakConnections(NODES.getFirst());
    int failed = 0;
    for (int i = 0; i < 60; i++) {
      failed += gateway.get("/thrifty/x").statusCode() == 502 ? 1 : 0;
    }
    // The budget starts with ten retries. After three failures in a row the node is ejected for a while.
    assertThat(gateway.metric("statecraft_gateway_retries_total", "route=\"thrifty\"")).isLessThanOrEqualTo(10);
    assertThat(failed).isLessThan(60);
  }

  @Test
  void opensCircuitIfNoNodeAnswers() {
    NODES.forEach(ProtectionIT::breakConnections);
    AtomicInteger number = new AtomicInteger();
    await().until(() -> gateway.post("/breaking/x", "", "X-Forwarded-For", "10.0.0." + number.incrementAndGet() % 250)
        .body().contains("circuit breaker is open"));
    int before = received();
    HttpResponse<String> rejected = gateway.get("/breaking/x");
    assertThat(rejected.statusCode()).isEqualTo(503);
    assertThat(rejected.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(received()).isEqualTo(before);
    assertThat(gateway.metric("statecraft_gateway_circuit_open", "route=\"breaking\"")).isEqualTo(1);
    assertThat(gateway.metric("statecraft_gateway_circuit_open", "route=\"narrow\"")).isZero();
    assertThat(gateway.get("/narrow/x").statusCode()).isNotEqualTo(503);
  }

  private static int received() {
    return NODES.stream().mapToInt(node -> node.received().size()).sum();
  }

  private static HttpRequest post(String path) {
    return gateway.request(path).timeout(TIMEOUT).POST(BodyPublishers.ofString("{}")).build();
  }

  private static void holdUntil(Sinks.Empty<Void> release, Backend node) {
    node.answering((request, response) -> release.asMono().then(Mono.from(response.send())));
  }

  private static void breakConnections(Backend node) {
    node.answering((request, response) -> {
      request.withConnection(connection -> connection.dispose());
      return Mono.never();
    });
  }
}
