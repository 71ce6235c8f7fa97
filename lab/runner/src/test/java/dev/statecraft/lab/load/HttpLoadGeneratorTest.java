package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpLoadGeneratorTest {
  private static final long MILLI = 1_000_000;
  private static final Duration LONG_DEADLINE = Duration.ofSeconds(20);
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n";
  private static final String REJECTED = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private final Queue<Exchange> exchanges = new ConcurrentLinkedQueue<>();
  private final Queue<String> requests = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ServerSocket server;

  HttpLoadGeneratorTest() throws IOException {
    server = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    threads.shutdownNow();
  }

  @Test
  void sendsEachRequestOnceWhenDue() throws Exception {
    serve(number -> number % 2 == 0 ? OK : CHUNKED);
    Arrivals arrivals = new Arrivals(500, Duration.ofMillis(200), Duration.ofMillis(400));
    run(arrivals, 16, LONG_DEADLINE, 2);

    assertThat(requests).hasSize((int) arrivals.count()).containsOnly("GET /work?wait=1 HTTP/1.1");
    assertThat(byDue().stream().map(Exchange::due)).containsExactlyElementsOf(
        LongStream.range(0, arrivals.count()).map(index -> arrivals.due(index) - 200 * MILLI).boxed().toList());
    assertThat(exchanges).allSatisfy(exchange -> {
      assertThat(exchange.status()).isEqualTo(200);
      assertThat(exchange.sent()).isGreaterThanOrEqualTo(exchange.due());
      assertThat(exchange.ended()).isGreaterThan(exchange.sent());
    });
    assertThat(accepted.get()).as("connections are reused").isLessThanOrEqualTo(16);
    Awaitility.await("all connections are closed at the end").until(() -> closed.get() == accepted.get());
  }

  @Test
  void stallCountsForEveryRequestDueMeanwhile() throws Exception {
    CountDownLatch stall = new CountDownLatch(1);
    serve(number -> {
      if (number == 0) {
        await(stall);
      }
      return OK;
    });
    threads.execute(() -> {
      Awaitility.await().until(() -> exchanges.size() >= 10);
      stall.countDown();
    });
    run(new Arrivals(200, Duration.ZERO, Duration.ofMillis(500)), 2, LONG_DEADLINE, 1);

    assertThat(exchanges).hasSize(100).allMatch(exchange -> exchange.status() == 200);
    Exchange first = byDue().getFirst();
    assertThat(first.ended() - first.due()).as("the stall").isGreaterThan(byDue().get(9).due());
  }

  @Test
  void requestsWaitInOrderForConnection() throws Exception {
    long began = System.nanoTime();
    serve(number -> {
      if (number == 0) {
        // Until all requests are due and the last one is late.
        Awaitility.await().until(() -> System.nanoTime() - began > 500 * MILLI);
      }
      return OK;
    });
    run(new Arrivals(200, Duration.ZERO, Duration.ofMillis(300)), 1, LONG_DEADLINE, 1);

    assertThat(accepted).hasValue(1);
    List<Exchange> byDue = byDue();
    assertThat(byDue).hasSize(60).isSortedAccordingTo(Comparator.comparingLong(Exchange::sent));
    assertThat(byDue.getLast().sent() - byDue.getLast().due()).as("wait of the last request")
        .isGreaterThan(100 * MILLI);
  }

  @Test
  void reconnectsIfServiceClosesAfterAnswer() throws Exception {
    serve(_ -> REJECTED);
    run(new Arrivals(300, Duration.ZERO, Duration.ofMillis(300)), 4, LONG_DEADLINE, 1);

    assertThat(exchanges).hasSize(90).allMatch(exchange -> exchange.status() == 503);
    assertThat(accepted).hasValue(90);
  }

  @Test
  void abandonsUnansweredAndUnsentRequestsAtDeadline() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    serve(_ -> {
      await(never);
      return OK;
    });
    run(new Arrivals(100, Duration.ZERO, Duration.ofMillis(500)), 3, Duration.ofMillis(300), 1);
    never.countDown();

    assertThat(exchanges).hasSize(50).allMatch(exchange -> exchange.status() == 0)
        .allMatch(exchange -> exchange.ended() - exchange.due() >= 300 * MILLI);
    assertThat(exchanges).anyMatch(exchange -> exchange.sent() == exchange.ended());
    assertThat(accepted.get()).as("an abandoned connection is replaced").isGreaterThan(3);
  }

  @Test
  void refusedConnectionIsNoAnswer() throws Exception {
    server.close();
    run(new Arrivals(200, Duration.ZERO, Duration.ofMillis(200)), 4, LONG_DEADLINE, 1);

    assertThat(exchanges).hasSize(40).allMatch(exchange -> exchange.status() == 0);
  }

  @Test
  void answerThatIsNotHttpIsNoAnswer() throws Exception {
    serve(_ -> "SSH-2.0-hello\r\n\r\n");
    run(new Arrivals(100, Duration.ZERO, Duration.ofMillis(100)), 2, LONG_DEADLINE, 1);

    assertThat(exchanges).hasSize(10).allMatch(exchange -> exchange.status() == 0);
  }

  @Test
  void failureOfSinkFailsTheRun() throws Exception {
    serve(_ -> OK);
    assertThatThrownBy(
        () -> HttpLoadGenerator.run(uri(), new Arrivals(100, Duration.ZERO, Duration.ofMillis(100)), 2, LONG_DEADLINE,
            1,
            _ -> {
              throw new IllegalArgumentException("a bug");
            }))
        .isInstanceOf(IllegalStateException.class).hasMessageContaining("a bug");
  }

  private void run(Arrivals arrivals, int connections, Duration deadline, int loops) throws InterruptedException {
    HttpLoadGenerator.run(uri(), arrivals, connections, deadline, loops, exchanges::add);
  }

  private URI uri() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/work?wait=1");
  }

  private List<Exchange> byDue() {
    return exchanges.stream().sorted(Comparator.comparingLong(Exchange::due)).toList();
  }

  /** Answers each request by its number; closes the connection after an answer with {@code Connection: close}. */
  private void serve(IntFunction<String> answers) {
    AtomicInteger numbers = new AtomicInteger();
    threads.execute(() -> {
      try {
        while (true) {
          Socket connection = server.accept();
          accepted.incrementAndGet();
          threads.execute(() -> answer(connection, numbers, answers));
        }
      } catch (IOException e) {
        // The test has ended.
      }
    });
  }

  private void answer(Socket connection, AtomicInteger numbers, IntFunction<String> answers) {
    try (connection) {
      BufferedReader in = new BufferedReader(
          new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        requests.add(line);
        while (!line.isEmpty()) {
          line = in.readLine();
        }
        String answer = answers.apply(numbers.getAndIncrement());
        connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        if (answer.contains("close")) {
          return;
        }
      }
    } catch (IOException e) {
      // The load has abandoned the request, or the test has ended.
    } finally {
      closed.incrementAndGet();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
