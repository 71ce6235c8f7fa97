package dev.statecraft.reactive.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.reactive.NodeProperties;
import dev.statecraft.reactive.client.CancelledWork;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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
    try (Client one = new Client(server.port()); Client other = new Client(server.port())) {
      assertThat(List.of(one.ask().answer(), other.ask().answer())).containsOnly("204");

      try (HeldLoop _ = new HeldLoop(server.channel().eventLoop(), PATIENCE)) {
        one.ask();
        other.ask();
      }

      assertThat(List.of(one.answer(), other.answer())).containsExactlyInAnyOrder("204", "503");
      assertThat(registry.counter("concurrency.shed", "model", "event-loop").count()).isEqualTo(1);
      assertThat(one.ask().answer()).isEqualTo("204");
    }
  }

  @Test
  void clientThatLeavesBeforeItIsServedIsCounted() throws Exception {
    try (Client leaving = new Client(server.port()); Client staying = new Client(server.port())) {
      assertThat(List.of(leaving.ask().answer(), staying.ask().answer())).containsOnly("204");

      try (HeldLoop _ = new HeldLoop(server.channel().eventLoop(), PATIENCE)) {
        leaving.ask().close();
      }

      await().atMost(PATIENCE).until(() -> registry.counter("work.cancelled").count() == 1);
      assertThat(staying.ask().answer()).isEqualTo("204");
    }
  }

  /** With room for one. */
  private Shedding shedding() {
    return new Shedding(new ServingLoops(), new CancelledWork(registry),
        new NodeProperties("reactive-1", DataSize.ofMegabytes(1), PATIENCE),
        new ServerProperties(1, 100, 100, 1, PATIENCE), registry);
  }

  private static HttpHandler noContent() {
    return (_, response) -> {
      response.setStatusCode(HttpStatus.NO_CONTENT);
      return response.setComplete();
    };
  }

  private record Client(Socket socket, BufferedReader answers) implements AutoCloseable {
    Client(int port) throws IOException {
      this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    private Client(Socket socket) throws IOException {
      this(socket, new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1)));
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
    }

    Client ask() throws IOException {
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      return this;
    }

    /** The status, with the rest of the answer read as well. */
    String answer() throws IOException {
      String status = line().split(" ", -1)[1];
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length: ")) {
          length = Integer.parseInt(header.substring("content-length: ".length()));
        }
      }
      assertThat(answers.skip(length)).isEqualTo(length);
      return status;
    }

    private String line() throws IOException {
      return Objects.requireNonNull(answers.readLine(), "the connection ended");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
