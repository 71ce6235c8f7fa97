package dev.statecraft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Forwarding as the service and the client see it. */
class ProxyExchangeTest {
  private static Backend one;
  private static Backend two;
  private static TestGateway gateway;
  private static TestGateway behindProxy;

  @BeforeAll
  static void start() {
    one = Backend.start("one");
    two = Backend.start("two");
    gateway = TestGateway.over(List.of(one, two), "statecraft.gateway.routes.shop.balance=round-robin");
    behindProxy = TestGateway.over(List.of(one, two), "statecraft.gateway.client.trusted-proxies=127.0.0.0/8",
        "statecraft.gateway.routes.shop.adaptive-concurrency.algorithm=aimd",
        "statecraft.gateway.routes.shop.adaptive-concurrency.initial=1",
        "statecraft.gateway.routes.shop.adaptive-concurrency.minimum=1",
        "statecraft.gateway.routes.shop.adaptive-concurrency.maximum=1",
        "statecraft.gateway.routes.shop.hidden-path=/Internal");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    behindProxy.close();
    one.close();
    two.close();
  }

  @BeforeEach
  void reset() {
    for (Backend backend : List.of(one, two)) {
      backend.received().clear();
      backend.answering((request, response) -> response.sendString(Mono.just(backend.name())));
    }
  }

  @Test
  void roundRobinUsesEachNodeInTurn() {
    Map<String, Integer> answers = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> response = gateway.get("/shop/cart");
      assertThat(response.headers().firstValue("X-Served-By")).hasValue(response.body());
      answers.merge(response.body(), 1, Integer::sum);
    }
    assertThat(answers).isEqualTo(Map.of("one", 10, "two", 10));
  }

  @Test
  void removesPrefixAndSendsItAsHeader() {
    assertThat(gateway.get("/shop/cart/items?x=%2F1&y=a+b").statusCode()).isEqualTo(200);
    Backend.ReceivedRequest received = takeReceived();
    assertThat(received.uri()).isEqualTo("/cart/items?x=%2F1&y=a+b");
    assertThat(received.headers().get("X-Forwarded-Prefix")).isEqualTo("/shop");
    assertThat(gateway.get("/shop").body()).isIn("one", "two");
    assertThat(takeReceived().uri()).isEqualTo("/");
  }

  @Test
  void replacesForwardedHeadersOfTheClient() {
    gateway.get("/shop/x", "X-Forwarded-For", "6.6.6.6", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto",
        "https", "Forwarded", "for=6.6.6.6", "X-Real-IP", "6.6.6.6", "X-Forwarded-Prefix", "/evil");
    var headers = takeReceived().headers();
    assertThat(headers.getAll("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(headers.getAll("X-Forwarded-Proto")).containsExactly("http");
    assertThat(headers.getAll("X-Forwarded-Host")).containsExactly("127.0.0.1:" + gateway.port());
    assertThat(headers.getAll("X-Forwarded-Prefix")).containsExactly("/shop");
    assertThat(headers.get("X-Real-IP")).isNull();
  }

  @Test
  void removesHopByHopHeaders() {
    gateway.get("/shop/x", "TE", "trailers", "Proxy-Authorization", "Basic eDp5", "Keep-Alive", "timeout=9");
    assertThat(takeReceived().headers().names()).doesNotContain("TE", "Proxy-Authorization", "Keep-Alive",
        "Connection");
  }

  @Test
  void forwardsBodiesWithAndWithoutLength() {
    for (Backend backend : List.of(one, two)) {
      backend.answering((request, response) -> response.send(request.receive().retain()));
    }
    String text = "0123456789".repeat(20_000);
    assertThat(gateway.post("/shop/echo", text).body()).isEqualTo(text);
    HttpResponse<String> chunked = gateway.send(gateway.request("/shop/echo").POST(BodyPublishers
        .fromPublisher(BodyPublishers.ofByteArray(text.getBytes(StandardCharsets.UTF_8)))).build());
    assertThat(chunked.body()).isEqualTo(text);
    assertThat(gateway.post("/shop/echo", "").statusCode()).isEqualTo(200);
  }

  @Test
  void keepsLengthOfResponseAndStreams() {
    HttpResponse<String> known = answer("hello", true);
    assertThat(known.headers().firstValue("Content-Length")).hasValue("5");
    assertThat(known.body()).isEqualTo("hello");
    HttpResponse<String> stream = answer("hello", false);
    assertThat(stream.headers().firstValue("Content-Length")).isEmpty();
    assertThat(stream.body()).isEqualTo("hello");
  }

  @Test
  void forwardsStatusAndHeadersOfTheService() {
    for (Backend backend : List.of(one, two)) {
      backend
          .answering((request, response) -> response.status(409).header("ETag", "\"7\"").addHeader("Set-Cookie", "a=1")
              .addHeader("Set-Cookie", "b=2").header("Content-Type", "application/problem+json")
              .sendString(Mono.just("{}")));
    }
    HttpResponse<String> response = gateway.post("/shop/x", "{}");
    assertThat(response.statusCode()).isEqualTo(409);
    assertThat(response.headers().firstValue("ETag")).hasValue("\"7\"");
    assertThat(response.headers().allValues("Set-Cookie")).containsExactly("a=1", "b=2");
  }

  @Test
  void headAndNoContentHaveNoBody() {
    for (Backend backend : List.of(one, two)) {
      backend.answering((request, response) -> request.method().name().equals("DELETE")
          ? response.status(204).send()
          : response.header("Content-Length", "5").sendString(Mono.just("hello")));
    }
    HttpResponse<String> head = gateway
        .send(gateway.request("/shop/x").method("HEAD", BodyPublishers.noBody()).build());
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.headers().firstValue("Content-Length")).hasValue("5");
    assertThat(gateway.send(gateway.request("/shop/x").DELETE().build()).statusCode()).isEqualTo(204);
  }

  @Test
  void answersUnknownPathWithProblemDocument() {
    for (String path : List.of("/", "/nowhere", "/shopping", "/actuator/env")) {
      HttpResponse<String> response = gateway.get(path, "Accept", "text/html");
      assertThat(response.statusCode()).as(path).isEqualTo(404);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(response.body()).contains("\"status\":404").doesNotContain("Exception", "at dev.");
    }
  }

  @Test
  void reusesConnections() {
    int before = one.connections() + two.connections();
    for (int i = 0; i < 50; i++) {
      gateway.get("/shop/x");
    }
    // One request at a time needs at most one connection from each event loop to each node.
    int loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    assertThat(one.connections() + two.connections() - before).isLessThanOrEqualTo(2 * loops);
    assertThat(gateway.metric("statecraft_gateway_attempts_seconds_count", "outcome=\"2xx\""))
        .isGreaterThanOrEqualTo(50);
  }

  @Test
  void rejectsMalformedDeadlineWithProblemDocument() {
    for (String malformed : List.of("-1", "soon", "1.5", "")) {
      HttpResponse<String> response = behindProxy.get("/shop/x", "X-Deadline-Millis", malformed);
      assertThat(response.statusCode()).as(malformed).isEqualTo(400);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
      assertThat(response.body())
          .contains("X-Deadline-Millis must be one whole number of milliseconds, in decimal digits.");
    }
    assertThat(one.received()).isEmpty();
    assertThat(two.received()).isEmpty();
  }

  @Test
  void answersPassedDeadlineWithoutANode() {
    HttpResponse<String> response = behindProxy.get("/shop/x", "X-Deadline-Millis", "0");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(one.received()).isEmpty();
    assertThat(two.received()).isEmpty();
  }

  @Test
  void hidesHiddenPathInAnyCase() {
    for (String path : List.of("/shop/Internal", "/shop/internal/x", "/shop/INTERNAL;a=b/x", "/shop/%49nternal")) {
      assertThat(behindProxy.get(path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(behindProxy.get("/shop/x").statusCode()).isEqualTo(200);
  }

  @Test
  void rejectsRequestWhenEveryNodeIsAtItsLimit() {
    Sinks.One<String> release = Sinks.one();
    for (Backend backend : List.of(one, two)) {
      backend.answering((request, response) -> response.sendString(release.asMono()));
    }
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int i = 1; i <= 2; i++) {
      int sent = i;
      waiting.add(behindProxy.sendAsync(behindProxy.request("/shop/x").build()));
      await().until(() -> one.received().size() + two.received().size() == sent);
    }
    // The second request went to the other node.
    assertThat(one.received()).hasSize(1);
    HttpResponse<String> rejected = behindProxy.get("/shop/x");
    assertThat(rejected.statusCode()).isEqualTo(503);
    assertThat(rejected.headers().firstValue("Retry-After")).isPresent();
    assertThat(rejected.body()).contains("concurrency limit");
    release.tryEmitValue("late");
    waiting.forEach(answer -> assertThat(answer.join().body()).isEqualTo("late"));
    assertThat(behindProxy.metric("statecraft_gateway_refusals_total", "reason=\"node-limit\"")).isEqualTo(1);
    assertThat(behindProxy.metric("statecraft_gateway_ejections_total")).isZero();
    assertThat(behindProxy.metric("statecraft_gateway_node_limit")).isEqualTo(2);
    assertThat(behindProxy.get("/shop/x").statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> answer(String body, boolean known) {
    for (Backend backend : List.of(one, two)) {
      backend.answering((request, response) -> known
          ? response.header("Content-Length", Integer.toString(body.length())).sendString(Mono.just(body))
          : response.sendString(Flux.fromArray(body.split(""))));
    }
    return gateway.get("/shop/x");
  }

  private static Backend.ReceivedRequest takeReceived() {
    return one.received().isEmpty() ? two.received().removeFirst() : one.received().removeFirst();
  }
}
