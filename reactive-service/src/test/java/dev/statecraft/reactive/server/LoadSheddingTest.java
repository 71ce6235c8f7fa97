package dev.statecraft.reactive.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.service.admission.AdmissionEstimator;
import dev.statecraft.service.admission.AdmissionEstimator.Ticket;
import dev.statecraft.service.client.CancelledRequests;
import dev.statecraft.service.contract.RawClient;
import dev.statecraft.service.node.NodeProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.util.unit.DataSize;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

class LoadSheddingTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final ServerProperties PROPERTIES = new ServerProperties(1, 100, 100, 1, TIMEOUT);

  private final LoopResources loops = new EventLoopResources(1, true);
  private final AtomicLong now = new AtomicLong();
  private final AdmissionEstimator estimator = new AdmissionEstimator(AdmissionEstimator.MAX_WAIT, now::get);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LoadShedding shedding = shedding();
  private final AtomicInteger handled = new AtomicInteger();
  private final DisposableServer server = new FastRejectCustomizer(shedding)
      .apply(new StalledClientLimits(PROPERTIES).apply(HttpServer.create().runOn(loops).host("127.0.0.1").port(0)))
      .handle(counted(new ReactorHttpHandlerAdapter(shedding.apply(noContent())))).bindNow(TIMEOUT);

  @AfterEach
  void end() {
    server.disposeNow(TIMEOUT);
    loops.disposeLater(Duration.ZERO, TIMEOUT).block(TIMEOUT);
  }

  /** If it served requests as it reads them, the first would be done before the second is read. */
  @Test
  void loopRejectsBeforeItServes() throws Exception {
    try (RawClient one = new RawClient(server.port()); RawClient other = new RawClient(server.port())) {
      assertThat(List.of(answer(ask(one)), answer(ask(other)))).containsOnly("204");

      try (BlockedEventLoop _ = new BlockedEventLoop(server.channel().eventLoop(), TIMEOUT)) {
        ask(one);
        ask(other);
      }

      assertThat(List.of(answer(one), answer(other))).containsExactlyInAnyOrder("204", "503");
      assertThat(registry.counter("concurrency.shed", "model", "event-loop").count()).isEqualTo(1);
      assertThat(answer(ask(one))).isEqualTo("204");
    }
  }

  @Test
  void disconnectBeforeServingIsCounted() throws Exception {
    try (RawClient disconnecting = new RawClient(server.port()); RawClient staying = new RawClient(server.port())) {
      assertThat(List.of(answer(ask(disconnecting)), answer(ask(staying)))).containsOnly("204");

      try (BlockedEventLoop _ = new BlockedEventLoop(server.channel().eventLoop(), TIMEOUT)) {
        ask(disconnecting).close();
      }

      await().atMost(TIMEOUT).until(() -> registry.counter("work.cancelled").count() == 1);
      assertThat(answer(ask(staying))).isEqualTo("204");
    }
  }

  @Test
  void rejectsWhileRequestsWaitTooLong() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      try (FullQueue _ = new FullQueue()) {
        assertThat(answer(ask(client))).isEqualTo("503");
      }
      assertThat(answer(ask(client))).isEqualTo("204");
    }
  }

  /** The first request is rejected when it is decoded, the second before Spring handles it. */
  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\nHost: test\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody"})
  void rejectionIsCompleteAndKeepsTheConnection(String request) throws Exception {
    try (RawClient client = new RawClient(server.port()); FullQueue _ = new FullQueue()) {
      for (int time = 1; time <= 3; time++) {
        String head = client.send(request).readTo("\r\n\r\n").toLowerCase(Locale.ROOT);
        assertThat(head).startsWith("http/1.1 503 ").contains("\r\nx-served-by: reactive-1\r\n",
            "\r\nretry-after: 1\r\n", "\r\ncontent-type: application/problem+json\r\n");
        assertThat(client.readTo("}")).contains("\"status\":503");
        assertThat(registry.counter("concurrency.shed", "model", "event-loop").count()).isEqualTo(time);
      }
    }
  }

  @Test
  void rejectsSimpleRequestsDirectlyAfterTheDecoder() throws Exception {
    try (RawClient client = new RawClient(server.port()); FullQueue _ = new FullQueue()) {
      assertThat(answer(ask(client))).isEqualTo("503");
      assertThat(handled).hasValue(0);
      assertThat(client.send("HEAD / HTTP/1.1\r\nHost: test\r\n\r\n").readTo("\r\n\r\n")).contains(" 503 ");
      assertThat(handled).as("not simple").hasValue(1);
    }
  }

  @Test
  void overloadedNodeServesActuator() throws Exception {
    try (RawClient client = new RawClient(server.port()); FullQueue _ = new FullQueue()) {
      assertThat(answer(client.sendGet("/actuator/health"))).isEqualTo("204");
      assertThat(answer(ask(client))).isEqualTo("503");
      assertThat(answer(client.sendGet("/actuator/health"))).isEqualTo("204");
    }
  }

  @Test
  void rejectionDoesNotOvertakeAPipelinedAnswer() throws Exception {
    try (RawClient client = new RawClient(server.port()); FullQueue _ = new FullQueue()) {
      client.send("GET /actuator/health HTTP/1.1\r\nHost: test\r\n\r\n".repeat(2)
          + "GET / HTTP/1.1\r\nHost: test\r\n\r\n".repeat(2));
      assertThat(List.of(answer(client), answer(client), answer(client), answer(client)))
          .containsExactly("204", "204", "503", "503");
    }
  }

  @Test
  void interimResponseIsNotAnAnswer() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      client.send("POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");
      assertThat(List.of(answer(client), answer(client))).containsExactly("100", "204");
      try (FullQueue _ = new FullQueue()) {
        assertThat(answer(ask(client))).isEqualTo("503");
      }
      assertThat(answer(ask(client))).isEqualTo("204");
    }
  }

  /** Its answers fill the socket buffers; if the server kept reading, further answers would fill its memory. */
  @Test
  void stopsReadingWhileRejectionsAreUnread() throws Exception {
    int requests = 100_000;
    byte[] ask = "GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
    try (RawClient client = new RawClient(server.port()); FullQueue _ = new FullQueue()) {
      CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
        for (int request = 0; request < requests; request++) {
          sendUnchecked(client, ask);
        }
      });
      Counter shed = registry.counter("concurrency.shed", "model", "event-loop");
      AtomicLong before = new AtomicLong();
      await().atMost(TIMEOUT).pollInterval(Duration.ofSeconds(1))
          .until(() -> before.getAndSet((long) shed.count()) == (long) shed.count() && shed.count() > 0);
      assertThat(sent).isNotDone();
      assertThat(shed.count()).isLessThan(requests);
      for (long answers = 0; answers < requests;) {
        String some = client.readSome();
        assertThat(some).isNotEmpty();
        answers += some.chars().filter(letter -> letter == '}').count();
      }
      assertThat(sent).succeedsWithin(TIMEOUT);
      assertThat(shed.count()).isEqualTo(requests);
    }
  }

  private static void sendUnchecked(RawClient client, byte[] bytes) {
    try {
      client.send(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** While it is open, a new request would wait too long. */
  private final class FullQueue implements AutoCloseable {
    private final Ticket waiting;

    FullQueue() {
      Ticket served = estimator.join();
      waiting = estimator.join();
      now.addAndGet(2 * AdmissionEstimator.MAX_WAIT.toNanos());
      estimator.leave(served);
    }

    @Override
    public void close() {
      estimator.leave(waiting);
    }
  }

  /** Admits one request at a time. */
  private LoadShedding shedding() {
    return new LoadShedding(estimator, new RequestEventLoops(), new CancelledRequests(registry),
        new NodeProperties("reactive-1", DataSize.ofMegabytes(1), TIMEOUT),
        PROPERTIES, registry);
  }

  private BiFunction<HttpServerRequest, HttpServerResponse, Mono<Void>> counted(ReactorHttpHandlerAdapter adapter) {
    return (request, response) -> {
      handled.incrementAndGet();
      return adapter.apply(request, response);
    };
  }

  private static HttpHandler noContent() {
    return (request, response) -> {
      response.setStatusCode(HttpStatus.NO_CONTENT);
      return request.getBody().doOnNext(DataBufferUtils::release).then(Mono.defer(response::setComplete));
    };
  }

  /** Reads a whole answer and returns its status. */
  private static String answer(RawClient client) throws IOException {
    String head = client.readTo("\r\n\r\n");
    if (head.toLowerCase(Locale.ROOT).contains("content-type: application/problem+json")) {
      client.readTo("}");
    }
    return head.split(" ", -1)[1];
  }

  private static RawClient ask(RawClient client) throws IOException {
    return client.sendGet("/");
  }
}
