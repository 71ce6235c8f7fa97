package dev.statecraft.gateway.route;

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

/** What clients see of nodes that die, hang or break off. */
class NodeFailureTest {
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"),
      Backend.start("three"));
  private static final Backend ONE = NODES.get(0);
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    // The rule that avoids no node: what is shown here does not come from never asking a bad one.
    gateway = TestGateway.over(NODES, "statecraft.gateway.routes.shop.balance=round-robin",
        "statecraft.gateway.routes.shop.attempt-timeout=300ms", "statecraft.gateway.routes.shop.deadline=1500ms");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    NODES.forEach(Backend::revive);
    NODES.forEach(node -> gateway.awaitAvailable("shop", node.name(), true));
    NODES.forEach(node -> node.seen().clear());
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
  void getInFlightAtAKilledNodeIsServedByAnother() {
    hang(ONE);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      answers.add(gateway.sendAsync(gateway.request("/shop/x").GET().build()));
    }
    await().until(() -> !ONE.seen().isEmpty());
    ONE.kill();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().body()).isIn("two", "three"));
  }

  @Test
  void nodeThatHoldsARequestIsNotAskedAgainWhileOthersAreIdle() {
    NODES.forEach(NodeFailureTest::hang);
    try (TestGateway unset = TestGateway.over(NODES, "statecraft.gateway.routes.shop.attempt-timeout=10s",
        "statecraft.gateway.routes.shop.deadline=15s")) {
      CompletableFuture<HttpResponse<String>> held = unset.sendAsync(unset.request("/shop/held").GET().build());
      await().until(() -> NODES.stream().anyMatch(node -> !node.seen().isEmpty()));
      Backend holder = NODES.stream().filter(node -> !node.seen().isEmpty()).findFirst().orElseThrow();
      NODES.stream().filter(node -> node != holder).forEach(Backend::revive);
      for (int i = 0; i < 30; i++) {
        assertThat(unset.get("/shop/x").statusCode()).isEqualTo(200);
      }
      assertThat(holder.seen()).hasSize(1);
      holder.kill();
      assertThat(held.join().statusCode()).isEqualTo(200);
    }
  }

  @Test
  void postInFlightAtAKilledNodeIsUnknownAndIsNotSentAgain() {
    NODES.forEach(NodeFailureTest::hang);
    var answer = gateway.sendAsync(gateway.request("/shop/x").POST(BodyPublishers.ofString("{}")).build());
    await().until(() -> sent() == 1);
    NODES.stream().filter(node -> !node.seen().isEmpty()).forEach(Backend::kill);
    HttpResponse<String> response = answer.join();
    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.headers().firstValue("Retry-After")).isEmpty();
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(sent()).isEqualTo(1);
  }

  @Test
  void postThatNeverLeftGoesToAnotherNode() {
    ONE.kill();
    for (int i = 0; i < 6; i++) {
      assertThat(gateway.post("/shop/x", "{}").statusCode()).isEqualTo(200);
    }
    assertThat(sent()).isEqualTo(6);
  }

  @Test
  void nothingReachableIsARefusalThatMayBeRepeated() {
    NODES.forEach(Backend::kill);
    HttpResponse<String> response = gateway.post("/shop/x", "{}");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
  }

  @Test
  void getAtASlowNodeIsGivenUpAndServedByAnother() {
    hang(ONE);
    // A node that was out before is eased in, so it need not be the next one's turn.
    await().until(() -> {
      assertThat(gateway.get("/shop/x").body()).isIn("two", "three");
      return gateway.metric("statecraft_gateway_retries_total", "after=\"timed-out\"") > 0;
    });
  }

  @Test
  void postAtASlowNodeEndsAtTheDeadline() {
    NODES.forEach(NodeFailureTest::hang);
    HttpResponse<String> response = gateway.post("/shop/x", "{}");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(sent()).isEqualTo(1);
  }

  @Test
  void shortAnswerThatBreaksOffIsFetchedFromAnother() {
    ONE.answering((request, response) -> response.header("Content-Length", "10")
        .sendString(Flux.just("half").concatWith(Flux.error(new IOException("planted")))));
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> response = gateway.get("/shop/x");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isIn("two", "three");
    }
  }

  @Test
  void streamThatBreaksOffIsNotPassedAsWhole() {
    NODES.forEach(node -> node.answering((request, response) -> response
        .sendString(Flux.just("part ").concatWith(Flux.error(new IOException("planted"))))));
    assertThatThrownBy(() -> gateway.get("/shop/x")).isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IOException.class);
  }

  @Test
  void restartedNodeIsAdmittedAgain() {
    ONE.kill();
    gateway.get("/shop/x");
    gateway.awaitAvailable("shop", "one", false);
    double before = gateway.metric("statecraft_gateway_admissions_total", "node=\"one\"");
    ONE.revive();
    gateway.awaitAvailable("shop", "one", true);
    assertThat(gateway.metric("statecraft_gateway_admissions_total", "node=\"one\"")).isEqualTo(before + 1);
    await().untilAsserted(() -> assertThat(gateway.get("/shop/x").body()).isEqualTo("one"));
  }

  @Test
  void nodeThatSaysItIsNotReadyGetsNothing() {
    ONE.ready(false);
    gateway.awaitAvailable("shop", "one", false);
    for (int i = 0; i < 9; i++) {
      assertThat(gateway.get("/shop/x").body()).isIn("two", "three");
    }
    assertThat(ONE.seen()).isEmpty();
  }

  private static void hang(Backend node) {
    node.answering((request, response) -> Mono.never());
  }

  private static int sent() {
    return NODES.stream().mapToInt(node -> node.seen().size()).sum();
  }
}
