package dev.statecraft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** The fast path and the filter chain give the same answers, byte for byte, and send nodes the same requests. */
class FastPathComparisonIT {
  private static final String KEYS = "statecraft.gateway.keys.k1=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final String TAKEN = "statecraft_gateway_fast_path_requests_total";

  private static Backend node;
  private static TestGateway fast;
  private static TestGateway chain;

  @BeforeAll
  static void start() {
    node = Backend.start("one").answering(FastPathComparisonIT::answer);
    fast = gateway(true);
    chain = gateway(false);
  }

  private static TestGateway gateway(boolean fastPath) {
    return TestGateway.over(List.of(node), "statecraft.gateway.fast-path=" + fastPath, KEYS,
        "statecraft.gateway.routes.shop.affinity=login-cookie", "statecraft.gateway.routes.shop.deadline=1s",
        "statecraft.gateway.routes.shop.body-idle-timeout=500ms",
        "statecraft.gateway.routes.shop.protection.failure-percent=100",
        "statecraft.gateway.routes.shop.protection.least-requests=100",
        "statecraft.gateway.routes.shop.outlier.failure-percent=0");
  }

  @AfterAll
  static void stop() {
    fast.close();
    chain.close();
    node.close();
  }

  private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    String path = request.uri().substring(1);
    response.header("X-Path", path).header("Connection", "keep-alive, X-Secret").header("X-Secret", "node only");
    if (path.startsWith("status/")) {
      return response.status(HttpResponseStatus.valueOf(Integer.parseInt(path.substring(7)))).sendString(
          Mono.just("status"));
    }
    return switch (path) {
      case "session" -> response.header("Set-Cookie", "SESSION=s1; Path=/").sendString(Mono.just("welcome"));
      case "empty" -> response.status(204).send();
      case "not-modified" -> response.status(304).header("ETag", "e").send();
      case "chunked" -> response.send(Flux.just("some", " parts").map(text -> Unpooled.copiedBuffer(text,
          StandardCharsets.UTF_8)), part -> true);
      case "kept" -> sized(response, 64 * 1024, 64 * 1024);
      case "streamed" -> sized(response, 300_000, 300_000);
      case "torn" -> sized(response, 100, 10);
      case "torn-stream" -> sized(response, 300_000, 100_000);
      case "silent" -> Mono.never();
      case "stalled" -> response.header("Content-Length", "300000").send(
          Flux.concat(Mono.just(Unpooled.wrappedBuffer(new byte[1000])), Mono.never()), part -> true);
      case "broken" -> {
        request.withConnection(connection -> {
          var _ = connection.channel().close();
        });
        yield Mono.never();
      }
      case "echo" -> response.send(request.receive().aggregate().retain());
      default -> response.sendString(Mono.just("answer to " + request.method()));
    };
  }

  private static Publisher<Void> sized(HttpServerResponse response, int declared, int sent) {
    return response.header("Content-Length", Integer.toString(declared)).send(
        Flux.just(Unpooled.copiedBuffer("x".repeat(sent), StandardCharsets.UTF_8)), part -> true).then().doFinally(
            signal -> response.withConnection(connection -> {
              if (sent < declared) {
                var _ = connection.channel().close();
              }
            }));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /shop/cart", "GET /shop", "GET /shop/cart?x=1&y=a+b%20c", "DELETE /shop/cart",
    "POST /shop/cart|Content-Length: 0", "POST /shop/cart",
    "POST /shop/echo|Content-Length: 5\nhello", "PUT /shop/echo|Content-Length: 5|Content-Type: text/plain\nhello",
    "GET /shop/empty", "GET /shop/not-modified", "GET /shop/status/404", "GET /shop/status/500", "GET /shop/status/503",
    "GET /shop/status/205", "GET /shop/chunked", "GET /shop/kept", "GET /shop/streamed",
    "POST /shop/session|Content-Length: 2\n{}", "GET /shop/session|Cookie: STATECRAFT_AFFINITY=forged; a=b",
    "GET /shop/cart|X-Forwarded-For: 6.6.6.6|TE: trailers|X-Real-IP: 6.6.6.6|Proxy-Authorization: x",
    "GET /shop/cart|Origin: https://a.example", "GET /shop/cart|X-Deadline-Millis: 5", "GET /shop/torn",
    "GET /shop/cart|X-Deadline-Millis: soon", "GET /shop/silent", "GET /shop/broken", "POST /shop/broken"})
  void answersAreEqual(String request) throws IOException {
    double before = fast.metric(TAKEN);
    node.received().clear();
    String ofFast = exchange(fast, request);
    List<String> sentByFast = received();
    node.received().clear();
    assertThat(ofFast).isEqualTo(exchange(chain, request));
    assertThat(sentByFast).isEqualTo(received());
    assertThat(fast.metric(TAKEN)).isGreaterThan(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /shop/actuator/health", "GET /nothing", "HEAD /shop/cart", "HEAD /shop/chunked",
    "OPTIONS /shop/cart", "GET /shop/a%2Fb", "GET /shop/a|b",
    "GET /shop/cart|Host: two words", "GET /shop/cart|Upgrade: h2c|Connection: upgrade",
    "POST /shop/echo|Transfer-Encoding: chunked\n5\r\nhello\r\n0\r\n\r\n",
    "OPTIONS /shop/cart|Origin: https://a.example|Access-Control-Request-Method: PUT"})
  void othersTakeTheFilterChain(String request) throws IOException {
    double before = fast.metric(TAKEN);
    assertThat(exchange(fast, request)).isEqualTo(exchange(chain, request));
    assertThat(fast.metric(TAKEN)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /shop/torn-stream", "GET /shop/stalled"})
  void incompleteStreamsEndTheConnection(String request) throws IOException {
    for (TestGateway gateway : List.of(fast, chain)) {
      try (RawClient client = RawClient.connect(gateway.port())) {
        assertThat(client.send(raw(gateway, request)).readAll()).startsWith("HTTP/1.1 200").contains("300000")
            .hasSizeLessThan(300_000);
      }
    }
  }

  @Test
  void answersArePassedInOrderOverBothPaths() throws IOException {
    String mixed = raw(fast, "GET /shop/first") + raw(fast, "POST /shop/echo|Transfer-Encoding: chunked\n3\r\ntwo\r\n0"
        + "\r\n\r\n") + raw(fast, "GET /shop/third") + raw(fast, "GET /nothing");
    try (RawClient client = RawClient.connect(fast.port())) {
      client.send(mixed);
      List<String> answers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answers.add(read(client, "GET"));
      }
      assertThat(answers.get(0)).contains("first");
      assertThat(answers.get(1)).endsWith("two");
      assertThat(answers.get(2)).contains("third");
      assertThat(answers.get(3)).startsWith("HTTP/1.1 404");
    }
  }

  @Test
  void refusedConnectionsAreAnsweredAlike() throws IOException {
    Backend dead = Backend.start("dead");
    List<String> answers = new ArrayList<>();
    List<TestGateway> gateways = new ArrayList<>();
    try {
      for (boolean path : List.of(true, false)) {
        gateways.add(TestGateway.over(List.of(dead), "statecraft.gateway.fast-path=" + path,
            "statecraft.gateway.routes.shop.probe.interval=1h"));
      }
      dead.kill();
      for (TestGateway gateway : gateways) {
        answers.add(exchange(gateway, "POST /shop/cart|Content-Length: 2\nhi"));
      }
    } finally {
      gateways.forEach(TestGateway::close);
      dead.close();
    }
    assertThat(answers.getFirst()).startsWith("HTTP/1.1 503").contains("Retry-After: 1").isEqualTo(answers.get(1));
  }

  private static List<String> received() {
    return node.received().stream().map(request -> {
      TreeMap<String, String> headers = new TreeMap<>();
      HttpHeaders all = request.headers();
      all.forEach(field -> headers.merge(field.getKey().toLowerCase(Locale.ROOT), field.getValue(), String::concat));
      // What remains of the deadline.
      headers.remove("x-deadline-millis");
      return request.method() + ' ' + request.uri() + ' ' + headers.toString().replaceAll(":\\d{4,5}\\b", ":port")
          .replaceAll("x-forwarded-port=\\d+", "x-forwarded-port=port");
    }).toList();
  }

  private static String exchange(TestGateway gateway, String request) throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send(raw(gateway, request));
      return read(client, request);
    }
  }

  private static String raw(TestGateway gateway, String request) {
    int body = request.indexOf('\n');
    String[] head = (body < 0 ? request : request.substring(0, body)).split("\\|(?=[A-Z])", -1);
    StringBuilder raw = new StringBuilder(head[0]).append(" HTTP/1.1\r\n");
    if (!request.contains("Host:")) {
      raw.append("Host: 127.0.0.1:").append(gateway.port()).append("\r\n");
    }
    for (int i = 1; i < head.length; i++) {
      raw.append(head[i]).append("\r\n");
    }
    return raw.append("\r\n").append(body < 0 ? "" : request.substring(body + 1)).toString();
  }

  private static String read(RawClient client, String request) throws IOException {
    String head = client.readUntil("\r\n\r\n");
    String lower = head.toLowerCase(Locale.ROOT);
    if (request.startsWith("HEAD") || lower.startsWith("http/1.1 204") || lower.startsWith("http/1.1 304")) {
      return head;
    }
    if (lower.contains("transfer-encoding: chunked")) {
      return head + client.readUntil("0\r\n\r\n");
    }
    int at = lower.indexOf("content-length: ") + 16;
    return head + client.readBytes(Integer.parseInt(lower.substring(at, lower.indexOf('\r', at))));
  }
}
