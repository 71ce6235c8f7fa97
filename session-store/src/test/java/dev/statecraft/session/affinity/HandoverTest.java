package dev.statecraft.session.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
import dev.statecraft.session.TestContext;
import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.signing.KeyRing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;

class HandoverTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

  private final MovableTime time = new MovableTime();
  private final KeyRing keys = KeyRing.random();
  private final List<Node> nodes = new ArrayList<>();

  /** A node with its own HTTP server. */
  private static final class Node {
    final AffinitySessionRepository sessions;
    final HttpServer server;
    final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
    final HandoverToken token;
    final Handover handover;

    Node(HttpServer server, String name, Map<String, URI> nodes, int maxSessions, KeyRing keys, MovableTime time) {
      this.server = server;
      sessions = new AffinitySessionRepository(
          TestContext.of(TIMEOUT, new AttributeCodec(List.of()), time), maxSessions);
      token = new HandoverToken(keys, time);
      handover = new Handover(sessions, new Peers(name, nodes, token, REQUEST_TIMEOUT), REQUEST_TIMEOUT,
          REQUEST_TIMEOUT);
      HandoverEndpoint endpoint = new HandoverEndpoint(handover, token);
      server.createContext(Peers.PATH, exchange -> handle(exchange, endpoint));
      server.setExecutor(requests);
      server.start();
    }

    private static void handle(HttpExchange exchange, HandoverEndpoint endpoint) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().getPath().substring(Peers.PATH.length());
        HandoverEndpoint.Response response = endpoint
            .handle(path, exchange.getRequestHeaders().getFirst(HandoverToken.HEADER),
                exchange.getRequestBody().readAllBytes());
        byte[] json = response.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(response.status(), json.length == 0 ? -1 : json.length);
        exchange.getResponseBody().write(json);
      }
    }

    String login(String user) {
      AffinitySession session = sessions.createSession();
      session.setAttribute("user", user);
      sessions.save(session);
      return session.getId();
    }

    String userOf(String id) {
      return String.valueOf(Objects.requireNonNull(sessions.findById(id), id).<String>getAttribute("user"));
    }

    void kill() {
      server.stop(0);
      requests.shutdownNow();
    }
  }

  @BeforeEach
  void startThreeNodes() throws IOException {
    start(3, 1000);
  }

  private void start(int count, int maxSessions) throws IOException {
    Map<String, URI> addresses = new HashMap<>();
    List<HttpServer> servers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      servers.add(server);
      addresses.put("node-" + i, URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }
    for (int i = 0; i < count; i++) {
      nodes.add(new Node(servers.get(i), "node-" + i, addresses, maxSessions, keys, time));
    }
  }

  @AfterEach
  void stopNodes() {
    nodes.forEach(Node::kill);
  }

  @Test
  void shutdownLosesNoSession() {
    Node leaving = nodes.get(2);
    List<String> ids = IntStream.range(0, 237).mapToObj(number -> leaving.login("user-" + number)).toList();

    leaving.handover.stop();
    leaving.kill();

    assertThat(leaving.sessions.size()).isZero();
    assertThat(nodes.get(0).sessions.size() + nodes.get(1).sessions.size()).isEqualTo(ids.size());
    assertThat(nodes.get(0).sessions.size()).isPositive();
    assertThat(nodes.get(1).sessions.size()).isPositive();
    for (int i = 0; i < ids.size(); i++) {
      assertThat(nodes.get(i % 2).userOf(ids.get(i))).isEqualTo("user-" + i);
    }
  }

  @Test
  void sessionMovesToRequestingNodeOnly() {
    String id = nodes.get(0).login("ada");

    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");

    assertThat(nodes.stream().map(node -> node.sessions.size())).containsExactly(0, 1, 0);
    assertThat(nodes.get(2).userOf(id)).isEqualTo("ada");
    assertThat(nodes.stream().map(node -> node.sessions.size())).containsExactly(0, 0, 1);
  }

  @Test
  void movedSessionKeepsItsTimes() {
    String id = nodes.get(0).login("ada");
    AffinitySession before = Objects.requireNonNull(nodes.get(0).sessions.findById(id));
    time.pass(Duration.ofMinutes(9));

    AffinitySession after = Objects.requireNonNull(nodes.get(1).sessions.findById(id));

    assertThat(after.getCreationTime()).isEqualTo(before.getCreationTime());
    assertThat(after.getLastAccessedTime()).isEqualTo(before.getLastAccessedTime());
    time.pass(Duration.ofMinutes(1));
    assertThat(nodes.get(1).sessions.findById(id)).isNull();
  }

  @Test
  void concurrentRequestsFetchSameSession() throws Exception {
    String id = nodes.get(0).login("ada");
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> request = () -> nodes.get(1).userOf(id);
      List<Future<String>> answers = IntStream.range(0, 20).mapToObj(number -> clients.submit(request)).toList();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("ada");
      }
    }
  }

  @Test
  void unknownSessionIsNotFound() {
    assertThat(nodes.get(0).sessions.findById("00000000-0000-0000-0000-000000000000")).isNull();
    assertThat(nodes.get(0).sessions.findById("no id of ours")).isNull();
  }

  @Test
  void sessionOfKilledNodeIsNotFound() {
    String id = nodes.get(0).login("ada");
    nodes.get(0).kill();

    assertThat(nodes.get(1).sessions.findById(id)).isNull();
  }

  @Test
  void lookupFailsIfPeerDoesNotRespond() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, URI> addresses = Map.of("silent", URI.create("http://127.0.0.1:" + silent.getLocalPort()));
      Peers peers = new Peers("node-0", addresses, nodes.get(0).token, Duration.ofMillis(700));
      List<Socket> queue = new ArrayList<>();
      try (AutoCloseable _ = () -> {
        for (Socket socket : queue) {
          socket.close();
        }
      }) {
        // Once the accept queue is full, the kernel accepts no more connections.
        fill(queue, silent);
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> peers.lookUp("silent", "any").get(30, TimeUnit.SECONDS))
            .withStackTraceContaining("TimeoutException");
      } finally {
        peers.close();
      }
    }
  }

  /** A node accepts a lookup, sends its session to a third node, and shuts down without a response. */
  @Test
  void retriesLookupIfPeerShutsDownMeanwhile() throws Exception {
    String id = nodes.get(0).login("ada");
    nodes.get(0).handover.stop();
    Node holder = nodes.get(1).sessions.size() == 1 ? nodes.get(1) : nodes.get(2);
    HttpServer third = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ServerSocket stopping = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try {
      Thread.ofVirtual().start(() -> {
        // Closes the server and the connection without a response.
        try (Socket _ = stopping.accept()) {
          stopping.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      Map<String, URI> addresses = Map.of("stopping", URI.create("http://127.0.0.1:" + stopping.getLocalPort()),
          "third",
          URI.create("http://127.0.0.1:" + third.getAddress().getPort()));
      AffinitySessionRepository sessions = new AffinitySessionRepository(
          TestContext.of(TIMEOUT, new AttributeCodec(List.of()), time), 10);
      Peers peers = new Peers("requester", addresses, holder.token, REQUEST_TIMEOUT);
      Handover requester = new Handover(sessions, peers, REQUEST_TIMEOUT, REQUEST_TIMEOUT);
      // Does not know the session at the first lookup and sends it at the second.
      AtomicInteger lookups = new AtomicInteger();
      third.createContext("/", exchange -> {
        if (lookups.getAndIncrement() > 0) {
          holder.sessions.moveAway(List.of(id), moving -> {
            assertThat(requester.receive(moving)).containsExactly(id);
            return Set.of(id);
          });
          reply(exchange, "{\"at\":{\"" + id + "\":\"requester\"}}");
        } else {
          reply(exchange, "{\"at\":{}}");
        }
      });
      third.start();

      assertThat(sessions.findById(id)).isNotNull();
      peers.close();
    } finally {
      third.stop(0);
    }
  }

  private static void reply(HttpExchange exchange, String json) throws IOException {
    try (exchange) {
      byte[] body = json.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static void fill(List<Socket> queue, ServerSocket server) throws IOException {
    for (int i = 0; i < 16; i++) {
      Socket socket = new Socket();
      queue.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 200);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }

  @Test
  void oppositeLookupOrdersDoNotDeadlock() throws Exception {
    for (int round = 0; round < 20; round++) {
      List<String> ids = IntStream.range(0, 30).mapToObj(number -> nodes.get(0).login("user-" + number)).toList();
      try (ExecutorService peers = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Map<String, String>> first = peers.submit(() -> nodes.get(0).handover.moveTo("node-1", ids));
        Future<Map<String, String>> second = peers.submit(() -> nodes.get(0).handover.moveTo("node-2", ids.reversed()));
        assertThat(first.get(20, TimeUnit.SECONDS)).hasSize(ids.size());
        assertThat(second.get(20, TimeUnit.SECONDS)).hasSize(ids.size());
      }
    }
    assertThat(nodes.get(0).sessions.size()).isZero();
    assertThat(nodes.get(1).sessions.size() + nodes.get(2).sessions.size()).isEqualTo(600);
  }

  @Test
  void lateLookupIsRedirectedToNewNode() {
    String id = nodes.get(0).login("ada");
    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");

    assertThat(nodes.get(0).handover.moveTo("node-2", List.of(id))).isEqualTo(Map.of(id, "node-1"));
    assertThat(nodes.get(2).userOf(id)).isEqualTo("ada");
    assertThat(nodes.get(0).userOf(id)).isEqualTo("ada");
    assertThat(nodes.get(0).handover.moveTo("node-2", List.of("00000000-0000-0000-0000-000000000000"))).isEmpty();
  }

  @Test
  void rejectsSaveOfMovedSession() {
    String id = nodes.get(0).login("ada");
    AffinitySession request = Objects.requireNonNull(nodes.get(0).sessions.findById(id));
    request.setAttribute("user", "grace");
    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");

    assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> nodes.get(0).sessions.save(request))
        .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");
  }

  @Test
  void rejectsRequestsAfterHandover() {
    String id = nodes.get(0).login("ada");
    nodes.get(0).handover.stop();

    assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> nodes.get(0).sessions.findById(id))
        .matches(rejection -> rejection.reason() == Reason.UNAVAILABLE);
  }

  @Test
  void concurrentShutdownsMoveSessionsToThirdNode() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ids.add(nodes.get(i % 2).login("user-" + i));
    }
    nodes.get(1).handover.onApplicationEvent(new ContextClosedEvent(new GenericApplicationContext()));
    nodes.get(0).handover.stop();
    nodes.get(1).handover.stop();

    assertThat(nodes.get(2).sessions.size()).isEqualTo(ids.size());
  }

  @Test
  void fullNodeAcceptsOnlyUpToItsLimit() throws IOException {
    stopNodes();
    nodes.clear();
    start(2, 10);
    nodes.get(1).login("first");
    for (int i = 0; i < 10; i++) {
      nodes.get(0).login("user-" + i);
    }
    nodes.get(0).handover.stop();

    assertThat(nodes.get(1).sessions.size()).isEqualTo(10);
    assertThat(nodes.get(0).sessions.size()).isEqualTo(1);
  }

  @Test
  void endpointRejectsRequestsWithoutValidToken() {
    String id = nodes.get(0).login("ada");
    byte[] request = ("{\"ids\":[\"" + id + "\"],\"to\":\"node-1\"}").getBytes(StandardCharsets.UTF_8);
    HandoverEndpoint endpoint = new HandoverEndpoint(nodes.get(0).handover, nodes.get(0).token);
    String forged = new HandoverToken(KeyRing.random(), time).sign(Peers.LOOKUP_PATH, request);

    assertThat(endpoint.handle(Peers.LOOKUP_PATH, null, request).status()).isEqualTo(403);
    assertThat(endpoint.handle(Peers.LOOKUP_PATH, forged, request).status()).isEqualTo(403);
    assertThat(nodes.get(0).sessions.size()).isEqualTo(1);

    String signed = nodes.get(1).token.sign(Peers.LOOKUP_PATH, request);
    assertThat(endpoint.handle(Peers.LOOKUP_PATH, signed, request).status()).isEqualTo(200);
    assertThat(nodes.get(0).sessions.size()).isZero();
  }
}
