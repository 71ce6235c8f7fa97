package dev.statecraft.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.WebsocketServerSpec;

/** WebSockets through a gateway, on a route of the own table and on routes of Spring Cloud Gateway. */
class WebSocketsTest {
  private static final String PAGE = """
      statecraft.gateway:
        websocket: {idle-timeout: 2s, maximum: 6}
        routes.own:
          prefix: /own
          affinity: login-cookie
          nodes: {one: '${one}', two: '${two}'}
          probe: {interval: 50ms, timeout: 5s}
        services.shop:
          nodes: {one: '${one}', two: '${two}'}
          probe: {interval: 50ms, timeout: 5s}
      spring.cloud.gateway.server.webflux.routes:
        - id: stock
          uri: lb://shop
          predicates: [Path=/stock/**]
          filters: [StripPrefix=1, 'AddResponseHeader=X-Filter, ran', 'Affinity=login-cookie, /login']
        - id: ws
          uri: lb:ws://shop
          predicates: [Path=/ws/**]
      """;

  private static Backend one;
  private static Backend two;
  private static TestGateway gateway;
  private static HttpClient client;

  /** What a client received: texts, and the code of the close frame. */
  private static final class Received implements WebSocket.Listener {
    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        texts.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture("");
    }

    @Override
    public CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      texts.add("pong");
      socket.request(1);
      return CompletableFuture.completedFuture("");
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      closed.complete(status);
      return CompletableFuture.completedFuture("");
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      closed.completeExceptionally(error);
    }

    String next() throws InterruptedException {
      return String.valueOf(texts.poll(20, TimeUnit.SECONDS));
    }
  }

  @BeforeAll
  static void start() {
    one = Backend.start("one");
    two = Backend.start("two");
    client = HttpClient.newHttpClient();
    gateway = TestGateway.ofPage(PAGE, List.of(), List.of("one=" + one.url(), "two=" + two.url()));
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
    one.close();
    two.close();
  }

  /** Each node tells its name first, and then sends back what it receives. */
  @BeforeEach
  void reset() {
    for (Backend node : List.of(one, two)) {
      node.reset();
      node.received().clear();
      node.answering((request, response) -> request.method().name().equals("POST")
          ? response.addHeader("Set-Cookie", "SESSION=1").sendString(Mono.just(node.name()))
          : response.sendWebsocket((in, out) -> out.sendString(Flux.concat(Mono.just(node.name()),
              in.receive().asString()), StandardCharsets.UTF_8),
              WebsocketServerSpec.builder().protocols("chat").maxFramePayloadLength(1_000_000).build()));
    }
    for (String route : List.of("own", "shop")) {
      gateway.awaitAvailable(route, "one", true);
      gateway.awaitAvailable(route, "two", true);
    }
    awaitOpen(0);
  }

  private static void awaitOpen(int count) {
    await().until(() -> gateway.context().getBean(WebSockets.class).open() == count);
  }

  private static WebSocket open(String path, Received received, String... headers) {
    WebSocket.Builder builder = client.newWebSocketBuilder().subprotocols("chat");
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    return builder.buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + path), received).join();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own/chat", "/stock/chat", "/ws/chat"})
  void messagesPassBothWaysUntilTheClientCloses(String path) throws Exception {
    Received received = new Received();
    WebSocket socket = open(path, received);
    assertThat(socket.getSubprotocol()).isEqualTo("chat");
    assertThat(received.next()).isIn("one", "two");
    String large = "x".repeat(300_000);
    socket.sendText("hello", true).join();
    socket.sendText(large, true).join();
    socket.sendPing(ByteBuffer.allocate(1)).join();
    assertThat(received.next()).isEqualTo("hello");
    StringBuilder echoed = new StringBuilder();
    boolean pong = false;
    while (echoed.length() < large.length() || !pong) {
      String part = received.next();
      pong |= part.equals("pong");
      echoed.append(part.equals("pong") ? "" : part);
    }
    assertThat(echoed).hasToString(large);
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").join();
    assertThat(received.closed.get(20, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    awaitOpen(0);
  }

  @Test
  void openWebSocketCountsAtItsNode() throws Exception {
    Received first = new Received();
    WebSocket socket = open("/own/chat", first);
    String node = first.next();
    for (int i = 0; i < 5; i++) {
      assertThat(gateway.post("/own/login", "").body()).isNotEqualTo(node);
    }
    socket.abort();
    awaitOpen(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own", "/stock"})
  void affinityCookieLeadsToTheNodeOfTheSession(String path) throws Exception {
    HttpResponse<String> login = gateway.post(path + (path.equals("/own") ? "/session" : "/login"), "");
    String cookie = login.headers().allValues("Set-Cookie").stream()
        .filter(line -> line.startsWith("STATECRAFT_AFFINITY")).map(line -> line.substring(0, line.indexOf(';')))
        .findFirst().orElseThrow();
    List<WebSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Received received = new Received();
      sockets.add(open(path + "/chat", received, "Cookie", cookie));
      assertThat(received.next()).isEqualTo(login.body());
    }
    sockets.forEach(WebSocket::abort);
  }

  @Test
  void filtersChangeTheHeadOfTheAnswer() throws IOException {
    try (RawClient raw = RawClient.connect(gateway.port())) {
      raw.send(upgrade("/stock/chat"));
      assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ").containsIgnoringCase("x-filter: ran")
          .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/own/chat", "/stock/chat"})
  void refusalOfTheNodeReachesTheClient(String path) {
    for (Backend node : List.of(one, two)) {
      node.answering((request, response) -> response.status(401).header("WWW-Authenticate", "Bearer").send());
    }
    assertThatThrownBy(() -> open(path, new Received())).isInstanceOf(CompletionException.class)
        .cause().isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> {
          assertThat(refused.getResponse().statusCode()).isEqualTo(401);
          assertThat(refused.getResponse().headers().firstValue("WWW-Authenticate")).contains("Bearer");
        });
  }

  @Test
  void nodeThatBreaksTheHandshakeIsReplaced() throws Exception {
    one.answering((request, response) -> {
      request.withConnection(connection -> {
        var _ = connection.channel().close();
      });
      return Mono.never();
    });
    for (int i = 0; i < 4; i++) {
      Received received = new Received();
      WebSocket socket = open("/own/chat", received);
      assertThat(received.next()).isEqualTo("two");
      socket.abort();
      awaitOpen(0);
    }
  }

  @Test
  void nodeThatEndsAnOpenWebSocketIsNotBlamed() throws Exception {
    Received received = new Received();
    open("/own/chat", received);
    Backend node = received.next().equals("one") ? one : two;
    double before = gateway.metric("statecraft_gateway_ejections_total");
    node.dropConnections();
    // No close frame arrived.
    assertThat(received.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1006);
    awaitOpen(0);
    assertThat(gateway.metric("statecraft_gateway_ejections_total")).isEqualTo(before);
  }

  @Test
  void idleWebSocketIsClosedAsGoingAway() throws Exception {
    Received received = new Received();
    open("/stock/chat", received);
    assertThat(received.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1001);
    await().until(() -> gateway.metric("statecraft_gateway_websocket_closed_total", "reason=\"idle-timeout\"") > 0);
  }

  @Test
  void numberOfWebSocketsIsBounded() {
    List<WebSocket> sockets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      sockets.add(open("/own/chat", new Received()));
    }
    assertThatThrownBy(() -> open("/own/chat", new Received())).cause()
        .isInstanceOfSatisfying(WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(503));
    sockets.forEach(WebSocket::abort);
  }

  @Test
  void upgradeWithoutConnectionFieldIsAnOrdinaryRequest() throws IOException {
    one.answering((request, response) -> response.status(426).send());
    two.answering((request, response) -> response.status(426).send());
    try (RawClient raw = RawClient.connect(gateway.port())) {
      raw.send(upgrade("/own/chat").replace("Connection: Upgrade\r\n", ""));
      assertThat(raw.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 426 ");
    }
  }

  @Test
  void stopClosesWebSocketsAsGoingAway() throws Exception {
    Received received = new Received();
    try (TestGateway stopped = TestGateway.over(List.of(one))) {
      URI uri = URI.create("ws://127.0.0.1:" + stopped.port() + "/shop/x");
      client.newWebSocketBuilder().subprotocols("chat").buildAsync(uri, received).join();
      assertThat(received.next()).isEqualTo("one");
    }
    assertThat(received.closed.get(20, TimeUnit.SECONDS)).isEqualTo(1001);
  }

  private static String upgrade(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Protocol: chat\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }
}
