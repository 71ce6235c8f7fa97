package dev.statecraft.session.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.statecraft.session.AttributeCodec;
import dev.statecraft.session.KeyRing;
import dev.statecraft.session.MovableTime;
import dev.statecraft.session.SessionStoreException;
import dev.statecraft.session.SessionStoreException.Reason;
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
  private static final Duration PATIENCE = Duration.ofSeconds(30);

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

    Node(HttpServer server, String name, Map<String, URI> nodes, int room, KeyRing keys, MovableTime time) {
      this.server = server;
      sessions = new AffinitySessionRepository(TIMEOUT, room, new AttributeCodec(List.of()), time);
      token = new HandoverToken(keys, time);
      handover = new Handover(sessions, new Peers(name, nodes, token, PATIENCE), PATIENCE, PATIENCE);
      HandoverEndpoint desk = new HandoverEndpoint(handover, token);
      server.createContext(Peers.PATH, exchange -> answer(exchange, desk));
      server.setExecutor(requests);
      server.start();
    }

    private static void answer(HttpExchange exchange, HandoverEndpoint desk) throws IOException {
      try (exchange) {
        String path = exchange.getRequestURI().getPath().substring(Peers.PATH.length());
        HandoverEndpoint.Answer answer = desk
            .answer(path, exchange.getRequestHeaders().getFirst(HandoverToken.HEADER),
                exchange.getRequestBody().readAllBytes());
        byte[] json = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), json.length == 0 ? -1 : json.length);
        exchange.getResponseBody().write(json);
      }
    }

    String open(String user) {
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

  private void start(int count, int room) throws IOException {
    Map<String, URI> addresses = new HashMap<>();
    List<HttpServer> servers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      servers.add(server);
      addresses.put("node-" + i, URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }
    for (int i = 0; i < count; i++) {
      nodes.add(new Node(servers.get(i), "node-" + i, addresses, room, keys, time));
    }
  }

  @AfterEach
  void stopThem() {
    nodes.forEach(Node::kill);
  }

  @Test
  void aNodeThatEndsLosesNoSession() {
    Node leaving = nodes.get(2);
    List<String> ids = IntStream.range(0, 237).mapToObj(number -> leaving.open("user-" + number)).toList();

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
  void aSessionIsWhereItWasAskedForAndNowhereElse() {
    String id = nodes.get(0).open("ada");

    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");

    assertThat(nodes.stream().map(node -> node.sessions.size())).containsExactly(0, 1, 0);
    assertThat(nodes.get(2).userOf(id)).isEqualTo("ada");
    assertThat(nodes.stream().map(node -> node.sessions.size())).containsExactly(0, 0, 1);
  }

  @Test
  void whatMovesKeepsItsTimes() {
    String id = nodes.get(0).open("ada");
    AffinitySession before = Objects.requireNonNull(nodes.get(0).sessions.findById(id));
    time.pass(Duration.ofMinutes(9));

    AffinitySession after = Objects.requireNonNull(nodes.get(1).sessions.findById(id));

    assertThat(after.getCreationTime()).isEqualTo(before.getCreationTime());
    assertThat(after.getLastAccessedTime()).isEqualTo(before.getLastAccessedTime());
    time.pass(Duration.ofMinutes(1));
    assertThat(nodes.get(1).sessions.findById(id)).isNull();
  }

  @Test
  void manyRequestsThatMissTheSameSessionAllFindIt() throws Exception {
    String id = nodes.get(0).open("ada");
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<String> request = () -> nodes.get(1).userOf(id);
      List<Future<String>> answers = IntStream.range(0, 20).mapToObj(number -> clients.submit(request)).toList();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("ada");
      }
    }
  }

  @Test
  void aSessionThatNobodyHoldsIsMissingAndNoError() {
    assertThat(nodes.get(0).sessions.findById("00000000-0000-0000-0000-000000000000")).isNull();
    assertThat(nodes.get(0).sessions.findById("no id of ours")).isNull();
  }

  @Test
  void whatAKilledNodeHeldIsLostAtOnce() {
    String id = nodes.get(0).open("ada");
    nodes.get(0).kill();

    assertThat(nodes.get(1).sessions.findById(id)).isNull();
  }

  @Test
  void whatANodeMayHoldThatDoesNotAnswerIsNotCalledLost() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Map<String, URI> addresses = Map.of("silent", URI.create("http://127.0.0.1:" + silent.getLocalPort()));
      Peers peers = new Peers("node-0", addresses, nodes.get(0).token, Duration.ofMillis(700));
      List<Socket> queue = new ArrayList<>();
      try (AutoCloseable _ = () -> {
        for (Socket socket : queue) {
          socket.close();
        }
      }) {
        // Until the kernel takes no more: then not even a connection comes about.
        fill(queue, silent);
        assertThatExceptionOfType(ExecutionException.class)
            .isThrownBy(() -> peers.ask("silent", "any").get(30, TimeUnit.SECONDS))
            .withStackTraceContaining("TimeoutException");
      } finally {
        peers.close();
      }
    }
  }

  /** The last moment of a node: it takes a question, gives its session to a third node, and is gone. */
  @Test
  void whatANodeGaveAwayWhileItWasBeingAskedIsFoundAtTheOther() throws Exception {
    String id = nodes.get(0).open("ada");
    nodes.get(0).handover.stop();
    Node holder = nodes.get(1).sessions.size() == 1 ? nodes.get(1) : nodes.get(2);
    HttpServer third = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ServerSocket ending = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try {
      Thread.ofVirtual().start(() -> {
        // No answer at all: it stops listening, and the connection ends.
        try (Socket _ = ending.accept()) {
          ending.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
      Map<String, URI> addresses = Map.of("ending", URI.create("http://127.0.0.1:" + ending.getLocalPort()), "third",
          URI.create("http://127.0.0.1:" + third.getAddress().getPort()));
      AffinitySessionRepository sessions = new AffinitySessionRepository(TIMEOUT, 10, new AttributeCodec(List.of()),
          time);
      Peers peers = new Peers("asker", addresses, holder.token, PATIENCE);
      Handover asker = new Handover(sessions, peers, PATIENCE, PATIENCE);
      // Knows nothing the first time, and brings the session the second.
      AtomicInteger questions = new AtomicInteger();
      third.createContext("/", exchange -> {
        if (questions.getAndIncrement() > 0) {
          holder.sessions.moveAway(List.of(id), moving -> {
            assertThat(asker.given(moving)).containsExactly(id);
            return Set.of(id);
          });
          reply(exchange, "{\"at\":{\"" + id + "\":\"asker\"}}");
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
  void twoWhoAskForTheSameSessionsInOppositeOrderDoNotWaitForEachOther() throws Exception {
    for (int round = 0; round < 20; round++) {
      List<String> ids = IntStream.range(0, 30).mapToObj(number -> nodes.get(0).open("user-" + number)).toList();
      try (ExecutorService peers = Executors.newVirtualThreadPerTaskExecutor()) {
        Future<Map<String, String>> first = peers.submit(() -> nodes.get(0).handover.asked(ids, "node-1"));
        Future<Map<String, String>> second = peers.submit(() -> nodes.get(0).handover.asked(ids.reversed(), "node-2"));
        assertThat(first.get(20, TimeUnit.SECONDS)).hasSize(ids.size());
        assertThat(second.get(20, TimeUnit.SECONDS)).hasSize(ids.size());
      }
    }
    assertThat(nodes.get(0).sessions.size()).isZero();
    assertThat(nodes.get(1).sessions.size() + nodes.get(2).sessions.size()).isEqualTo(600);
  }

  @Test
  void whoAsksLateIsSentAfterTheSession() {
    String id = nodes.get(0).open("ada");
    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");

    assertThat(nodes.get(0).handover.asked(List.of(id), "node-2")).isEqualTo(Map.of(id, "node-1"));
    assertThat(nodes.get(2).userOf(id)).isEqualTo("ada");
    assertThat(nodes.get(0).userOf(id)).isEqualTo("ada");
    assertThat(nodes.get(0).handover.asked(List.of("00000000-0000-0000-0000-000000000000"), "node-2")).isEmpty();
  }

  @Test
  void aChangeUnderWayWhenItsSessionMovesIsRefusedAndNotLostInSilence() {
    String id = nodes.get(0).open("ada");
    AffinitySession underWay = Objects.requireNonNull(nodes.get(0).sessions.findById(id));
    underWay.setAttribute("user", "grace");
    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");

    assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> nodes.get(0).sessions.save(underWay))
        .matches(refusal -> refusal.reason() == Reason.UNAVAILABLE);
    assertThat(nodes.get(1).userOf(id)).isEqualTo("ada");
  }

  @Test
  void aNodeThatHasHandedOverSendsLateRequestsAway() {
    String id = nodes.get(0).open("ada");
    nodes.get(0).handover.stop();

    assertThatExceptionOfType(SessionStoreException.class).isThrownBy(() -> nodes.get(0).sessions.findById(id))
        .matches(refusal -> refusal.reason() == Reason.UNAVAILABLE);
  }

  @Test
  void twoNodesThatEndTogetherLeaveAllToTheThird() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      ids.add(nodes.get(i % 2).open("user-" + i));
    }
    nodes.get(1).handover.onApplicationEvent(new ContextClosedEvent(new GenericApplicationContext()));
    nodes.get(0).handover.stop();
    nodes.get(1).handover.stop();

    assertThat(nodes.get(2).sessions.size()).isEqualTo(ids.size());
  }

  @Test
  void aFullNodeTakesWhatItHasRoomForAndTheRestStaysWhereItWas() throws IOException {
    stopThem();
    nodes.clear();
    start(2, 10);
    nodes.get(1).open("already there");
    for (int i = 0; i < 10; i++) {
      nodes.get(0).open("user-" + i);
    }
    nodes.get(0).handover.stop();

    assertThat(nodes.get(1).sessions.size()).isEqualTo(10);
    assertThat(nodes.get(0).sessions.size()).isEqualTo(1);
  }

  @Test
  void whoLacksTheKeysGetsNothingAndGivesNothing() {
    String id = nodes.get(0).open("ada");
    byte[] question = ("{\"ids\":[\"" + id + "\"],\"to\":\"node-1\"}").getBytes(StandardCharsets.UTF_8);
    HandoverEndpoint desk = new HandoverEndpoint(nodes.get(0).handover, nodes.get(0).token);
    HandoverToken forged = new HandoverToken(KeyRing.random(), time);

    assertThat(desk.answer(Peers.ASK, null, question).status()).isEqualTo(403);
    assertThat(desk.answer(Peers.ASK, "nonsense", question).status()).isEqualTo(403);
    assertThat(desk.answer(Peers.ASK, forged.of(Peers.ASK, question), question).status()).isEqualTo(403);
    String ofAnother = nodes.get(0).token.of(Peers.ASK, new byte[1]);
    assertThat(desk.answer(Peers.ASK, ofAnother, question).status()).isEqualTo(403);
    assertThat(desk.answer(Peers.TAKE, nodes.get(0).token.of(Peers.ASK, question), question).status()).isEqualTo(403);
    assertThat(nodes.get(0).sessions.size()).isEqualTo(1);
  }

  @Test
  void aCopyOfAnOldMessageIsNotBelieved() {
    byte[] question = "{\"ids\":[\"x\"],\"to\":\"node-1\"}".getBytes(StandardCharsets.UTF_8);
    HandoverEndpoint desk = new HandoverEndpoint(nodes.get(0).handover, nodes.get(0).token);
    String shown = nodes.get(1).token.of(Peers.ASK, question);
    assertThat(desk.answer(Peers.ASK, shown, question).status()).isEqualTo(200);
    time.pass(HandoverToken.VALID.plusSeconds(1));
    assertThat(desk.answer(Peers.ASK, shown, question).status()).isEqualTo(403);
  }
}
