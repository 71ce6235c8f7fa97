package dev.statecraft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Faults of clients are not charged to nodes: no node is ejected and no circuit opens, and the clients occupy no node.
 */
class ClientFaultsIT {
  private static final String POST = "POST /shop/x HTTP/1.1\r\nHost: shop.example\r\n";
  private static final int LARGE_BYTES = 300_000;
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"));
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    gateway = TestGateway.over(NODES, "statecraft.gateway.routes.shop.deadline=2s",
        "statecraft.gateway.routes.shop.attempt-timeout=1900ms", "statecraft.gateway.routes.shop.connect-timeout=30s",
        "statecraft.gateway.routes.shop.protection.least-requests=5",
        "statecraft.gateway.routes.shop.protection.open-for=1h", "statecraft.gateway.routes.shop.connections=4",
        "statecraft.gateway.routes.shop.slow-start=0s", "statecraft.gateway.client.write-timeout=500ms",
        "statecraft.gateway.client.body-timeout=500ms", "statecraft.gateway.routes.shop.body-idle-timeout=500ms",
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
  }

  @AfterEach
  void everyNodeStillServes() {
    NODES.forEach(Backend::reset);
    await().until(() -> gateway.metric("statecraft_gateway_requests_underway") == 0
        && gateway.metric("statecraft_gateway_node_inflight") == 0);
    assertThat(gateway.metric("statecraft_gateway_ejections_total")).isZero();
    assertThat(gateway.metric("statecraft_gateway_node_circuit_open")).isZero();
    assertThat(gateway.metric("statecraft_gateway_node_available")).isEqualTo(2);
    for (int i = 0; i < 10; i++) {
      assertThat(gateway.get("/shop/x").statusCode()).isEqualTo(200);
    }
    await().until(() -> bufferedBytes() == 0);
  }

  @Test
  void deadlinesOfClientsDoNotCountAgainstNodes() {
    NODES.forEach(node -> node.answering((request, response) -> Mono.never()));
    for (int i = 0; i < 40; i++) {
      HttpResponse<String> answer = gateway.post("/shop/x", "{}", "X-Deadline-Millis", "20", "X-Forwarded-For",
          "9.9.9." + i);
      assertThat(answer.statusCode()).isEqualTo(504);
    }
  }

  @Test
  void slowRequestsOfOneClientDoNotCountAgainstNodes() {
    NODES.forEach(node -> node.answering((request, response) -> Mono.never()));
    for (int i = 0; i < 8; i++) {
      assertThat(gateway.post("/shop/slow", "{}").statusCode()).isEqualTo(504);
    }
  }

  @Test
  void errorsThatOneClientCausesDoNotCountAgainstNodes() {
    NODES.forEach(node -> node.answering((request, response) -> response.status(500).send()));
    for (int i = 0; i < 40; i++) {
      assertThat(gateway.get("/shop/bug").statusCode()).isEqualTo(500);
    }
  }

  @Test
  void slowUploadOutlivesTheDeadline() throws IOException {
    AtomicLong bytes = new AtomicLong();
    NODES.forEach(node -> node.answering((request, response) -> request.receive()
        .doOnNext(part -> bytes.addAndGet(part.readableBytes()))
        .then(Mono.from(response.sendString(Mono.just("ok"))))));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send(POST + "Content-Length: " + LARGE_BYTES + "\r\n\r\n");
      byte[] part = new byte[LARGE_BYTES / 15];
      for (int i = 0; i < 14; i++) {
        // 14 pauses of 200 ms are longer than the deadline.
        assertThat(client.send(part).readWithin(200)).as("part " + i).isEmpty();
      }
      client.send(part);
      assertThat(client.readResponse().body()).isEqualTo("ok");
    }
    assertThat(bytes).hasValue(LARGE_BYTES);
  }

  @Test
  void nodeHasItsTimeAfterTheUpload() throws IOException {
    NODES.forEach(node -> node.answering((request, response) -> request.receive().then().then(Mono.never())));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send(POST + "Content-Length: " + LARGE_BYTES + "\r\n\r\n").send(new byte[LARGE_BYTES]);
      assertThat(client.readResponse().status()).isEqualTo(504);
    }
  }

  @Test
  void stalledUploadEndsWithoutBlame() throws IOException {
    NODES.forEach(node -> node.answering((request, response) -> response.send(request.receive().retain())));
    for (int i = 0; i < 8; i++) {
      try (RawClient client = RawClient.connect(gateway.port())) {
        client.send(POST + "Content-Length: " + LARGE_BYTES + "\r\n\r\n").send(new byte[LARGE_BYTES / 2]);
        assertThat(client.readAll()).doesNotContain("HTTP/1.1 502", "HTTP/1.1 504");
      }
    }
    assertThat(gateway.metric("statecraft_gateway_client_closed_total", "reason=\"body-timeout\"")).isPositive();
  }

  @Test
  void abortedUploadsEndWithoutBlame() throws IOException {
    AtomicInteger received = new AtomicInteger();
    NODES.forEach(node -> node.answering((request, response) -> {
      received.incrementAndGet();
      return request.receive().then().then(Mono.from(response.send()));
    }));
    for (int i = 1; i <= 30; i++) {
      int number = i;
      try (RawClient client = RawClient.connect(gateway.port())) {
        client.send(POST + "Transfer-Encoding: chunked\r\n\r\n20000\r\n").send(new byte[0x20000]);
        await().until(() -> received.get() == number);
        if (i % 2 == 0) {
          client.send("\r\nnonsense\r\n");
        }
      }
    }
  }

  @Test
  void abortedRequestsEndWithoutBlame() throws IOException {
    AtomicInteger received = new AtomicInteger();
    NODES.forEach(node -> node.answering((request, response) -> {
      received.incrementAndGet();
      return Mono.never();
    }));
    for (int i = 1; i <= 30; i++) {
      int number = i;
      try (RawClient client = RawClient.connect(gateway.port())) {
        client.send("GET /shop/x HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        await().until(() -> received.get() >= number);
      }
    }
  }

  /** More readers than there are connections to the nodes: each new one takes the place of one that does not read. */
  @Test
  void readersThatDoNotReadOccupyNoNode() throws IOException {
    NODES.forEach(node -> node.answering((request, response) -> request.uri().endsWith("/large")
        ? response.send(large())
        : response.sendString(Mono.just("ok"))));
    List<RawClient> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 24; i++) {
        RawClient reader = RawClient.connect(gateway.port(), 4_096);
        readers.add(reader);
        reader.send("GET /shop/large HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        assertThat(gateway.get("/shop/x").body()).isEqualTo("ok");
      }
      assertThat(bufferedBytes()).isLessThan(8 * 200_000);
    } finally {
      for (RawClient reader : readers) {
        reader.close();
      }
    }
    await().until(() -> gateway.metric("statecraft_gateway_client_closed_total", "reason=\"write-timeout\"")
        + gateway.metric("statecraft_gateway_client_closed_total", "reason=\"reclaimed\"") > 0);
  }

  @Test
  void quietStreamIsNoFailureOfItsNode() throws IOException {
    NODES.forEach(node -> node.answering((request, response) -> response.sendString(
        Flux.concat(Mono.just("first"), Mono.never()))));
    for (int i = 0; i < 8; i++) {
      try (RawClient client = RawClient.connect(gateway.port())) {
        client.send("GET /shop/events HTTP/1.1\r\nHost: shop.example\r\nX-Forwarded-For: 9.9.9." + i + "\r\n\r\n");
        assertThat(client.readAll()).contains("first").doesNotEndWith("0\r\n\r\n");
      }
    }
  }

  @Test
  void cookiesInSeveralLinesReachTheService() throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("GET /shop/x HTTP/1.1\r\nHost: shop.example\r\nCookie: SESSION=s\r\nCookie: other=o\r\n\r\n");
      assertThat(client.readResponse().status()).isEqualTo(200);
    }
    List<String> cookies = NODES.stream().flatMap(node -> node.received().stream())
        .flatMap(request -> request.headers().getAll(HttpHeaders.COOKIE).stream()).toList();
    assertThat(String.join("; ", cookies)).contains("SESSION=s", "other=o");
  }

  private static double bufferedBytes() {
    return gateway.get("/actuator/prometheus").body().lines()
        .filter(line -> line.startsWith("statecraft_gateway_client_buffered_bytes "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  private static Flux<ByteBuf> large() {
    // Hidden: Reactor Netty would discard all parts of a fused source at once, and hold up its event loop.
    return Flux.range(0, 10_000).<ByteBuf>map(number -> Unpooled.buffer(8_192).writeZero(8_192)).hide();
  }
}
