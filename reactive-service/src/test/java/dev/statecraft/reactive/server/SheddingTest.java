package dev.statecraft.reactive.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.reactive.NodeProperties;
import dev.statecraft.reactive.QueueingDelay;
import dev.statecraft.reactive.client.CancelledWork;
import dev.statecraft.stateless.RawClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.util.unit.DataSize;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

class SheddingTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final LoopResources loops = new EventLoops(1, true);
  private final AtomicLong now = new AtomicLong();
  private final QueueingDelay delay = new QueueingDelay(now::get);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DisposableServer server = HttpServer.create().runOn(loops).host("127.0.0.1").port(0)
      .handle(new ReactorHttpHandlerAdapter(shedding().apply(noContent()))).bindNow(PATIENCE);

  @AfterEach
  void end() {
    server.disposeNow(PATIENCE);
    loops.disposeLater(Duration.ZERO, PATIENCE).block(PATIENCE);
  }

  /** Served as it is read, the first would be over before the second is read, however late that is. */
  @Test
  void loopReadsAndRefusesAllThatHasComeBeforeItServes() throws Exception {
    try (RawClient one = new RawClient(server.port()); RawClient other = new RawClient(server.port())) {
      assertThat(List.of(answer(ask(one)), answer(ask(other)))).containsOnly("204");

      try (HeldLoop _ = new HeldLoop(server.channel().eventLoop(), PATIENCE)) {
        ask(one);
        ask(other);
      }

      assertThat(List.of(answer(one), answer(other))).containsExactlyInAnyOrder("204", "503");
      assertThat(registry.counter("concurrency.shed", "model", "event-loop").count()).isEqualTo(1);
      assertThat(answer(ask(one))).isEqualTo("204");
    }
  }

  @Test
  void clientThatLeavesBeforeItIsServedIsCounted() throws Exception {
    try (RawClient leaving = new RawClient(server.port()); RawClient staying = new RawClient(server.port())) {
      assertThat(List.of(answer(ask(leaving)), answer(ask(staying)))).containsOnly("204");

      try (HeldLoop _ = new HeldLoop(server.channel().eventLoop(), PATIENCE)) {
        ask(leaving).close();
      }

      await().atMost(PATIENCE).until(() -> registry.counter("work.cancelled").count() == 1);
      assertThat(answer(ask(staying))).isEqualTo("204");
    }
  }

  @Test
  void nobodyIsTakenInWhileThoseBeforeWaitTooLongForAProcessor() throws Exception {
    try (RawClient client = new RawClient(server.port())) {
      long served = delay.joined();
      long waiting = delay.joined();
      now.addAndGet(2 * QueueingDelay.LONGEST.toNanos());
      delay.left(served);
      assertThat(answer(ask(client))).isEqualTo("503");

      delay.left(waiting);
      assertThat(answer(ask(client))).isEqualTo("204");
    }
  }

  /** With room for one. */
  private Shedding shedding() {
    return new Shedding(delay, new ServingLoops(), new CancelledWork(registry),
        new NodeProperties("reactive-1", DataSize.ofMegabytes(1), PATIENCE),
        new ServerProperties(1, 100, 100, 1, PATIENCE), registry);
  }

  private static HttpHandler noContent() {
    return (_, response) -> {
      response.setStatusCode(HttpStatus.NO_CONTENT);
      return response.setComplete();
    };
  }

  /** The status, with the rest of the answer read as well. */
  private static String answer(RawClient client) throws IOException {
    String head = client.readTo("\r\n\r\n");
    if (head.contains("Content-Type: application/problem+json")) {
      client.readTo("}");
    }
    return head.split(" ", -1)[1];
  }

  private static RawClient ask(RawClient client) throws IOException {
    return client.sendGet("/");
  }
}
