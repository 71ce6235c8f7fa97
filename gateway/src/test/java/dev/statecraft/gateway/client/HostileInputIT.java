package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

/**
 * A corpus of malformed and malicious requests. The gateway answers each with 4xx or closes the connection, and no
 * service receives any of it.
 */
class HostileInputIT {
  private static final String HOST = "Host: shop.example\r\n";
  private static final int PAUSE_MILLIS = 20;
  private static final String SMUGGLED = "GET /shop/smuggled HTTP/1.1\r\n" + HOST + "\r\n";
  private static Backend service;
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    service = Backend.start("one");
    gateway = TestGateway.over(List.of(service), "statecraft.gateway.client.head-timeout=400ms",
        "statecraft.gateway.client.body-timeout=400ms", "statecraft.gateway.client.idle-timeout=60s",
        "statecraft.gateway.client.maximum-body=50KB");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    service.close();
  }

  static Stream<Arguments> corpus() {
    List<Arguments> corpus = new ArrayList<>();
    smuggling(corpus);
    heads(corpus);
    targets(corpus);
    return corpus.stream();
  }

  private static void smuggling(List<Arguments> corpus) {
    String post = "POST /shop/x HTTP/1.1\r\n" + HOST;
    add(corpus, "CL.TE", post + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    add(corpus, "TE.CL",
        post + "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n" + SMUGGLED + "0\r\n\r\n");
    add(corpus, "two lengths", post + "Content-Length: 0\r\nContent-Length: 44\r\n\r\n" + SMUGGLED);
    add(corpus, "two lengths in one", post + "Content-Length: 0, 44\r\n\r\n" + SMUGGLED);
    add(corpus, "one length twice", post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx");
    for (String length : List.of("-1", "+1", "0x1", "1 1", "1e0", "", "99999999999999999999")) {
      add(corpus, "length " + length, post + "Content-Length: " + length + "\r\n\r\nx" + SMUGGLED);
    }
    for (String coding : List.of("identity", "xchunked", "chunked, identity", "identity, chunked", "chunked, chunked",
        "gzip, chunked", "\u000bchunked", "chunked\u0000", "\"chunked\"")) {
      add(corpus, "coding " + coding, post + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n" + SMUGGLED);
    }
    add(corpus, "coding twice",
        post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + SMUGGLED);
    add(corpus, "space before colon", post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    add(corpus, "coding in HTTP/1.0",
        "POST /shop/x HTTP/1.0\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED);
    String chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
    for (String chunk : List.of("zz\r\nabc\r\n0\r\n\r\n", "-3\r\nabc\r\n0\r\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n", "3\r\nabcdef\r\n0\r\n\r\n", "3\nabc\n0\n\n",
        "3;a=\"\nb\r\nabc\r\n0\r\n\r\n", "\r\n3\r\nabc\r\n")) {
      add(corpus, "chunk " + chunk, chunked + chunk + SMUGGLED);
    }
    add(corpus, "body over the limit", post + "Content-Length: 200000\r\n\r\n");
    add(corpus, "chunks over the limit", chunked + ("4000\r\n" + "x".repeat(0x4000) + "\r\n").repeat(8) + "0\r\n\r\n");
  }

  private static void heads(List<Arguments> corpus) {
    String get = "GET /shop/x HTTP/1.1\r\n";
    add(corpus, "1 MB in one field", get + HOST + "X: " + "x".repeat(1_000_000) + "\r\n\r\n");
    add(corpus, "1 MB in one name", get + HOST + "X".repeat(1_000_000) + ": x\r\n\r\n");
    add(corpus, "many fields", get + HOST + "X: x\r\n".repeat(500) + "\r\n");
    add(corpus, "10,000 fields", get + HOST + "X: x\r\n".repeat(10_000) + "\r\n");
    add(corpus, "no host", get + "\r\n");
    add(corpus, "two hosts", get + HOST + "Host: other.example\r\n\r\n");
    for (String host : List.of("a/b", "a b", "user@host", "a,b", "a\"b", "<a>", "h\u00f6st", "a?b", "a#b", "a\\b")) {
      add(corpus, "host " + host, get + "Host: " + host + "\r\n\r\n");
    }
    add(corpus, "NUL in a field", get + HOST + "X: a\u0000b\r\n\r\n");
    add(corpus, "NUL in a name", get + HOST + "X\u0000Y: b\r\n\r\n");
    add(corpus, "space in a name", get + HOST + "X Y: b\r\n\r\n");
    add(corpus, "no colon", get + HOST + "nonsense\r\n\r\n");
    add(corpus, "empty name", get + HOST + ": b\r\n\r\n");
    add(corpus, "bare CR in a field", get + HOST + "X: a\rb\r\n\r\n");
    add(corpus, "bare LF", get.replace("\r\n", "\n") + HOST.replace("\r\n", "\n") + "\n");
    add(corpus, "host folded into another field", get + HOST + " folded\r\n\r\n");
    String proxies = "1.2.3.4, ".repeat(999) + "1.2.3.4";
    add(corpus, "chain of 1,000 proxies", get + HOST + "X-Forwarded-For: " + proxies + "\r\n\r\n");
    add(corpus, "chain of 1,000 proxies, the other way",
        get + HOST + "Forwarded: " + "for=1.2.3.4, ".repeat(999) + "for=1.2.3.4\r\n\r\n");
  }

  private static void targets(List<Arguments> corpus) {
    for (String target : List.of("/shop/../actuator/env", "/shop/..", "/shop/./x", "/shop/%2e%2e/actuator",
        "/shop/.%2e/x", "/shop/%2e./x", "/shop/..;/actuator/health", "/shop/..;a=b/x", "/shop/%2e%2e%3b/x",
        "/shop/..%2factuator", "/shop/..%5cactuator", "/shop/a\\..\\b", "/shop%2fx", "/shop/%252e%252e/x", "/shop/%00",
        "/shop/a%00.json", "/shop/\u0000", "/shop/\u0001", "/shop/%0d%0aX:%20y", "/shop/%", "/shop/%1", "/shop/%gg",
        "/shop/\u00e9", "/shop/a#b", "//shop/x", "//evil.example/shop/x", "shop/x", "*", "?shop", "ftp://shop/shop/x",
        "file:///etc/passwd", "/shop/x y", "/shop/\u007f", "/" + "x".repeat(1_000_000),
        "/shop/actuator/env", "/shop/actuator", "/shop/%61ctuator/env", "/shop/ACTUATOR/env", "/shop/actuator;x/env",
        "/shop//actuator/env", "/shop/;x/actuator/env")) {
      add(corpus, "target " + target.substring(0, Math.min(60, target.length())),
          "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n");
    }
    for (String line : List.of("TRACE /shop/x HTTP/1.1", "CONNECT shop.example:80 HTTP/1.1", "BREW /shop/x HTTP/1.1",
        "get /shop/x HTTP/1.1", "GE\u0000T /shop/x HTTP/1.1", "GET /shop/x HTTP/2.0", "GET /shop/x HTTP/9.9",
        "GET /shop/x HTTP/1.1x", "GET /shop/x", "GET", "/shop/x", "GET  /shop/x  HTTP/1.1 x", "GET\t/shop/x\tHTTP/1.1x",
        "PRI * HTTP/2.0", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003")) {
      add(corpus, "line " + line, line + "\r\n" + HOST + "\r\n");
    }
  }

  private static void add(List<Arguments> corpus, String name, String bytes) {
    corpus.add(Arguments.of(name.strip(), bytes));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("corpus")
  void rejectsRequestAndForwardsNothing(String name, String bytes) throws IOException {
    service.received().clear();
    try (RawClient client = RawClient.connect(gateway.port())) {
      String answer;
      try {
        answer = client.send(bytes).readStatusLineOrEnd();
      } catch (IOException closed) {
        answer = "";
      }
      assertThat(answer).as(name).matches("(?s)(|HTTP/1\\.[01] 4\\d\\d .*)");
    }
    assertThat(gateway.get("/shop/alive").statusCode()).isEqualTo(200);
    assertThat(service.received()).as(name).extracting(Backend.ReceivedRequest::uri).containsExactly("/alive");
  }

  @Test
  void rejectsHeadThatNeverEnds() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      assertThat(client.send("GET /shop/x HTTP/1.1\r\n" + HOST + "X: ").readAll()).startsWith("HTTP/1.1 408 ");
    }
  }

  @Test
  void rejectsHeadThatArrivesByteByByte() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("GET /shop/x HTTP/1.1\r\n" + HOST + "X: ");
      String end = "";
      while (end.isEmpty()) {
        client.send("x");
        end = client.readWithin(PAUSE_MILLIS);
      }
      assertThat(end).startsWith("HTTP/1.1 408 ");
    } catch (IOException closed) {
      assertThat(closed).hasMessageNotContaining("timed out");
    }
  }

  @Test
  void rejectsBodyThatNeverEnds() throws IOException {
    service.received().clear();
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("POST /shop/x HTTP/1.1\r\n" + HOST + "Content-Length: 100\r\n\r\nhalf");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
    }
    assertThat(service.received()).isEmpty();
  }

  @Test
  void ignoresDeadlineOfUntrustedPeer() throws IOException {
    for (String deadline : List.of("0", "1", "0000000500", "9".repeat(30))) {
      assertThat(statusWithDeadline(deadline)).as(deadline).isEqualTo(200);
    }
  }

  @Test
  void rejectsMalformedDeadlineOfAnyPeer() throws IOException {
    for (String deadline : List.of("", "-1", "+1", "1.5", "soon", "500, 500", "500\r\nX-Deadline-Millis: 500")) {
      assertThat(statusWithDeadline(deadline)).as(deadline).isEqualTo(400);
    }
  }

  private static int statusWithDeadline(String value) throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("GET /shop/x HTTP/1.1\r\n" + HOST + "X-Deadline-Millis: " + value + "\r\n\r\n");
      return client.readResponse().status();
    }
  }

  @Test
  void answersPipelinedRequestsInOrder() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send(SMUGGLED + "POST /shop/x HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\nabc" + SMUGGLED);
      for (int i = 0; i < 3; i++) {
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
    }
  }

  /** The gateway answers from the head alone, as it does without a route, and has to skip the body that follows. */
  @ParameterizedTest
  @ValueSource(ints = {1, 20, 300, 40_000})
  void bodyThatFollowsTheAnswerDoesNotStopTheConnection(int length) throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      for (int i = 0; i < 3; i++) {
        client.send("POST /nowhere HTTP/1.1\r\n" + HOST + "Content-Length: " + length + "\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(404);
        client.send(new byte[length]);
        assertThat(client.send(SMUGGLED).readResponse().status()).isEqualTo(200);
        client.send("POST /nowhere HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
        assertThat(client.readResponse().status()).isEqualTo(404);
        client.send(Integer.toHexString(length) + "\r\n" + "x".repeat(length) + "\r\n0\r\n\r\n");
        assertThat(client.send(SMUGGLED).readResponse().status()).isEqualTo(200);
      }
    }
  }

  @Test
  void disconnectsAnsweredClientThatSendsNoBody() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("POST /nowhere HTTP/1.1\r\n" + HOST + "Content-Length: 3\r\n\r\na");
      assertThat(client.readAll()).startsWith("HTTP/1.1 404 ").doesNotContain("HTTP/1.1 408");
    }
  }

  @Test
  void rejectionDoesNotOvertakeEarlierResponse() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      String all = client.send(SMUGGLED + "GET /shop/.. HTTP/1.1\r\n" + HOST + "\r\n").readAll();
      assertThat(all).matches("(?s)(|HTTP/1\\.1 200 .*)");
    }
  }

  /** The responses fill the socket buffers. Without backpressure, the gateway would hold the rest in memory. */
  @Test
  void stopsReadingRequestsOfClientThatReadsNoResponses() throws IOException {
    int requests = 2_000;
    String answer = "x".repeat(60_000);
    service.received().clear();
    service.answering((request, response) -> response.sendString(Mono.just(answer)));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("GET /shop/x HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
      AtomicInteger before = new AtomicInteger();
      await().pollInterval(Duration.ofSeconds(1)).until(() -> {
        int now = service.received().size();
        return now > 0 && before.getAndSet(now) == now;
      });
      assertThat(service.received()).hasSizeLessThan(requests / 2);
      for (int request = 0; request < requests; request++) {
        assertThat(client.readResponse().status()).isEqualTo(200);
      }
    } finally {
      service.reset();
    }
    assertThat(service.received()).hasSize(requests);
  }
}
