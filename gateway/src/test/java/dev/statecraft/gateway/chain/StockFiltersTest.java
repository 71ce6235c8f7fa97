package dev.statecraft.gateway.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Routes of Spring Cloud Gateway with its own filters, over HTTP. */
class StockFiltersTest {
  private static final String PAGE = """
      management.endpoints.web.exposure.include: health,prometheus,gateway
      spring:
        cloud:
          gateway:
            server:
              webflux:
                default-filters:
                  - AddResponseHeader=X-Gateway, stock
                globalcors:
                  cors-configurations:
                    '[/strip/**]':
                      allowed-origins: "https://shop.example"
                      allowed-methods: [GET, POST]
                      max-age: 60
                routes:
                  - id: strip
                    uri: lb://shop
                    predicates: [Path=/strip/**]
                    filters:
                      - StripPrefix=1
                      - AddRequestHeader=X-From, gateway
                      - AddResponseHeader=X-Added, yes
                      - RemoveResponseHeader=X-Secret
                  - id: rewrite
                    uri: lb://shop
                    predicates: ['Path=/rewrite/**']
                    filters:
                      - RewritePath=/rewrite/(?<segment>.*), /api/$\\{segment}
                      - AddRequestParameter=from, gateway
                  - id: set
                    uri: lb://shop
                    predicates: ['Path=/set/{item}', Method=GET]
                    filters:
                      - SetPath=/items/{item}
                      - SetStatus=202
                  - id: host
                    uri: lb://shop
                    predicates: [Host=shop.example]
                    filters: [PreserveHostHeader]
                  - id: away
                    uri: lb://shop
                    predicates: [Path=/away]
                    filters: ['RedirectTo=302, https://shop.example/']
                  - id: repeated
                    uri: lb://shop
                    predicates: [Path=/flaky/**]
                    filters:
                      - name: Retry
                        args:
                          retries: 3
                          statuses: INTERNAL_SERVER_ERROR
                          methods: GET,POST
                          backoff: {firstBackoff: 1ms, maxBackoff: 2ms, factor: 2}
                  - id: guarded
                    uri: lb://shop
                    predicates: [Path=/guarded/**]
                    filters:
                      - name: CircuitBreaker
                        args:
                          name: guarded
                          statusCodes: [500]
                          fallbackUri: forward:/strip/fallback
                  - id: slow
                    uri: lb://shop
                    predicates: [Path=/slow]
                    metadata: {response-timeout: 200}
                  - id: small
                    uri: lb://shop
                    predicates: [Path=/small]
                    filters: [{name: RequestSize, args: {maxSize: 10B}}]
                  - id: events
                    uri: lb://shop
                    predicates: [Path=/events]
      """;

  private static Backend shop;
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    shop = Backend.start("shop");
    gateway = TestGateway.ofPage(PAGE, List.of(shop), List.of());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    shop.close();
  }

  @BeforeEach
  void reset() {
    shop.reset();
    shop.received().clear();
    shop.answering((request, response) -> response.header("X-Secret", "s").header("Content-Type", "text/plain")
        .sendString(Mono.just(request.uri())));
  }

  @Test
  void stripPrefixAndHeaderFiltersReachTheWire() {
    HttpResponse<String> response = gateway.get("/strip/cart?x=%2F1");
    assertThat(response.body()).isEqualTo("/cart?x=%2F1");
    assertThat(response.headers().firstValue("X-Added")).hasValue("yes");
    assertThat(response.headers().firstValue("X-Gateway")).hasValue("stock");
    assertThat(response.headers().firstValue("X-Secret")).isEmpty();
    Backend.ReceivedRequest received = shop.received().getFirst();
    assertThat(received.headers().get("X-From")).isEqualTo("gateway");
    assertThat(received.headers().get("X-Forwarded-Prefix")).isEqualTo("/strip");
    assertThat(received.headers().get("Host")).isEqualTo("127.0.0.1:" + shop.port());
  }

  @Test
  void rewritePathAndAddRequestParameterChangeTheTarget() {
    assertThat(gateway.get("/rewrite/a/b?x=1").body()).isEqualTo("/api/a/b?x=1&from=gateway");
  }

  @Test
  void setPathAndSetStatusChangeTargetAndStatus() {
    HttpResponse<String> response = gateway.get("/set/7");
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(response.body()).isEqualTo("/items/7");
    assertThat(gateway.post("/set/7", "").statusCode()).isEqualTo(404);
  }

  @Test
  void preserveHostHeaderSendsTheClientsHost() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      assertThat(client.send("GET /any HTTP/1.1\r\nHost: shop.example\r\n\r\n").readResponse().status())
          .isEqualTo(200);
    }
    assertThat(shop.received().getFirst().headers().get("Host")).isEqualTo("shop.example");
  }

  @Test
  void redirectToAnswersWithoutANode() {
    HttpResponse<String> response = gateway.get("/away");
    assertThat(response.statusCode()).isEqualTo(302);
    assertThat(response.headers().firstValue("Location")).hasValue("https://shop.example/");
    assertThat(shop.received()).isEmpty();
  }

  @Test
  void retryRepeatsARequestWithItsBody() {
    AtomicInteger requests = new AtomicInteger();
    shop.answering((request, response) -> requests.incrementAndGet() < 3
        ? response.status(500).header("X-Try", "first").sendString(Mono.just("no"))
        : response.send(request.receive().retain()));
    HttpResponse<String> response = gateway.post("/flaky/x", "the body");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("the body");
    assertThat(response.headers().firstValue("X-Try")).isEmpty();
    assertThat(requests).hasValue(3);
  }

  @Test
  void retryEndsWithTheLastAnswer() {
    shop.answering((request, response) -> response.status(500).sendString(Mono.just("broken")));
    HttpResponse<String> response = gateway.get("/flaky/x");
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("broken");
    assertThat(shop.received()).hasSize(4);
  }

  @Test
  void retryPassesOnTheAnswerToAStreamedBody() {
    shop.answering((request, response) -> request.receive().then(response.status(500).send()));
    HttpResponse<String> response = gateway.post("/flaky/x", "0123456789".repeat(20_000));
    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(shop.received()).hasSize(1);
  }

  @Test
  void circuitBreakerForwardsToItsFallback() {
    shop.answering((request, response) -> request.uri().startsWith("/guarded")
        ? response.status(500).header("X-Try", "first").sendString(Mono.just("broken"))
        : response.sendString(Mono.just(request.uri())));
    HttpResponse<String> response = gateway.get("/guarded/x");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("/fallback");
    assertThat(response.headers().firstValue("X-Try")).isEmpty();
    HttpResponse<String> ok = gateway.post("/strip/x", "");
    assertThat(ok.body()).isEqualTo("/x");
  }

  @Test
  void metadataBoundsTheTimeOfAnAnswer() {
    shop.answering((request, response) -> Mono.never());
    HttpResponse<String> response = gateway.get("/slow");
    assertThat(response.statusCode()).isEqualTo(504);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  @Test
  void requestSizeRefusesALongBody() {
    assertThat(gateway.post("/small", "0123456789").statusCode()).isEqualTo(200);
    assertThat(gateway.post("/small", "0123456789a").statusCode()).isEqualTo(413);
  }

  @Test
  void streamsLongBodiesBothWays() {
    shop.answering((request, response) -> response.send(request.receive().retain()));
    String text = "0123456789".repeat(20_000);
    assertThat(gateway.post("/strip/echo", text).body()).isEqualTo(text);
    assertThat(gateway.post("/small", "0123456789").body()).isEqualTo("0123456789");
  }

  @Test
  void answersPreflightRequestsByTheConfiguredRules() {
    HttpResponse<String> allowed = preflight("/strip/x", "https://shop.example");
    assertThat(allowed.statusCode()).isEqualTo(200);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://shop.example");
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods")).hasValue("GET,POST");
    assertThat(allowed.headers().firstValue("Access-Control-Max-Age")).hasValue("60");
    assertThat(preflight("/strip/x", "https://evil.example").statusCode()).isEqualTo(403);
    assertThat(shop.received()).isEmpty();
    HttpResponse<String> actual = gateway.get("/strip/x", "Origin", "https://shop.example");
    assertThat(actual.headers().firstValue("Access-Control-Allow-Origin")).hasValue("https://shop.example");
  }

  @Test
  void serviceAnswersPreflightRequestsWithoutRules() {
    assertThat(preflight("/rewrite/x", "https://shop.example").body()).isEqualTo("/api/x?from=gateway");
  }

  @Test
  void eventStreamArrivesEventByEvent() throws IOException {
    shop.answering((request, response) -> response.sse()
        .sendString(Flux.concat(Mono.just("data: 1\n\n"), Mono.never())));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readUntil("data: 1")).contains("text/event-stream");
    }
  }

  @Test
  void endpointShowsRoutesAndChangesNone() {
    assertThat(gateway.get("/actuator/gateway/routes").body()).contains("\"route_id\":\"strip\"");
    assertThat(gateway.post("/actuator/gateway/routes/evil", "{\"uri\":\"lb://shop\"}", "Content-Type",
        "application/json").statusCode()).isIn(404, 405);
    assertThat(gateway.send(gateway.request("/actuator/gateway/routes/strip").DELETE().build()).statusCode())
        .isIn(404, 405);
  }

  private static HttpResponse<String> preflight(String path, String origin) {
    return gateway.send(gateway.request(path, "Origin", origin, "Access-Control-Request-Method", "GET")
        .method("OPTIONS", BodyPublishers.noBody()).build());
  }
}
