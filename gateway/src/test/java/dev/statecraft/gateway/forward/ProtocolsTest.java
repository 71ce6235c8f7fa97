package dev.statecraft.gateway.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table of protocols in docs/gateway.md, on a route of the own table and on one of Spring Cloud Gateway. */
class ProtocolsTest {
  private static final String PAGE = """
      statecraft.gateway.routes.own:
        prefix: /own
        nodes: {own: '${shop}'}
      spring.cloud.gateway.server.webflux.routes:
        - id: stock
          uri: lb://shop
          predicates: [Path=/stock/**]
          filters: [StripPrefix=1]
      """;

  private static Backend shop;
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    shop = Backend.start("shop");
    gateway = TestGateway.ofPage(PAGE, List.of(shop), List.of("shop=" + shop.url()));
    gateway.awaitAvailable("own", "own", true);
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
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void eventArrivesBeforeTheNextOneIsSent(String path) throws IOException {
    shop.answering((request, response) -> response.sse()
        .sendString(Flux.concat(Mono.just("data: 1\n\n"), Mono.never())));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("GET " + path + "/events HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readUntil("data: 1")).contains("text/event-stream");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void http10ClientGetsAnAnswerOfKnownLength(String path) throws IOException {
    shop.answering((request, response) -> response.header("Content-Length", "5").sendString(Mono.just("hello")));
    assertThat(exchange("GET " + path + "/x HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.").contains(" 200 OK")
        .endsWith("\r\n\r\nhello");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void http10ClientGetsAStreamUntilTheConnectionEnds(String path) throws IOException {
    shop.answering((request, response) -> response.sendString(Flux.just("one ", "two ", "three")));
    assertThat(exchange("GET " + path + "/x HTTP/1.0\r\n\r\n")).contains(" 200 OK").endsWith("\r\n\r\none two three")
        .doesNotContainIgnoringCase("transfer-encoding");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void bodyIsAskedForByContinue(String path) throws IOException {
    shop.answering((request, response) -> response.send(request.receive().retain()));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("POST " + path + "/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 100 Continue");
      client.send("hello");
      assertThat(client.readUntil("hello")).startsWith("HTTP/1.1 200 OK");
    }
    assertThat(shop.received().getFirst().headers().get("Expect")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void trailersOfARequestAreDropped(String path) throws IOException {
    shop.answering((request, response) -> response.send(request.receive().retain()));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("POST " + path + "/x HTTP/1.1\r\nHost: x\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
          + "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n");
      assertThat(client.readUntil("0\r\n\r\n")).contains("hello").doesNotContain("X-Sum");
    }
    assertThat(shop.received().getFirst().headers().names()).doesNotContain("Trailer", "X-Sum");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void trailersOfAnAnswerAreDropped(String path) throws IOException {
    shop.answering((request, response) -> response.header("Trailer", "X-Sum")
        .trailerHeaders(trailers -> trailers.set("X-Sum", "1")).sendString(Flux.just("hello", " ")));
    try (RawClient client = RawClient.connect(gateway.port())) {
      client.send("GET " + path + "/x HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readUntil("0\r\n\r\n")).contains("hello").doesNotContain("X-Sum");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void earlyHintsAreDropped(String path) throws IOException {
    shop.answering((request, response) -> {
      request.withConnection(connection -> {
        var _ = connection.channel().pipeline().context(HttpServerCodec.class).writeAndFlush(Unpooled
            .copiedBuffer("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", StandardCharsets.US_ASCII));
      });
      return response.sendString(Mono.just("final"));
    });
    try (RawClient client = RawClient.connect(gateway.port())) {
      for (int i = 0; i < 2; i++) {
        client.send("GET " + path + "/x HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(client.readUntil("final")).startsWith("HTTP/1.1 200 OK").doesNotContain("a.css");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "POST /own/pkg.Service/Call HTTP/2.0\r\nHost: x\r\nContent-Type: application/grpc\r\n\r\n"})
  void http2IsRefused(String preface) throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      assertThat(client.send(preface).readStatusLineOrEnd()).startsWith("HTTP/1.1 400");
    }
  }

  private static String exchange(String request) throws IOException {
    try (RawClient client = RawClient.connect(gateway.port())) {
      return client.send(request).readAll();
    }
  }
}
