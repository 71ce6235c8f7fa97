package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionClientTest {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private final CookieJar cookies = new CookieJar(InstantSource.system());
  @SuppressWarnings("NullAway.Init")
  private FakeService service;
  @SuppressWarnings("NullAway.Init")
  private SessionClient client;

  @BeforeEach
  void start() throws IOException {
    service = new FakeService();
    client = new SessionClient(service.prefix(), 4, DEADLINE);
  }

  @AfterEach
  void stop() {
    client.close();
    service.close();
  }

  @Test
  void makesEveryCallOfTheContract() {
    assertThat(send(Call.LOGIN)).isEqualTo(new Outcome.Ok(201, null));
    assertThat(client.send(Call.ADD, "ada", "first", cookies).outcome()).isEqualTo(new Outcome.Ok(201, null));
    assertThat(client.send(Call.ADD, "ada", "second", cookies).outcome()).isEqualTo(new Outcome.Ok(201, null));
    assertThat(send(Call.SHOW)).isEqualTo(new Outcome.Ok(200, null));
    assertThat(send(Call.ROTATE)).isEqualTo(new Outcome.Ok(200, null));
    assertThat(send(Call.READ)).isEqualTo(new Outcome.Ok(200, List.of("first", "second")));
    assertThat(send(Call.LOGOUT)).isEqualTo(new Outcome.Ok(204, null));
    assertThat(send(Call.READ)).isEqualTo(new Outcome.Failed(401, "there is no session"));
  }

  @Test
  void returnsServingNode() {
    assertThat(client.send(Call.LOGIN, "ada", null, cookies).servedBy()).isEqualTo("fake-1");
  }

  @Test
  void returnsReasonFromProblemDocument() {
    service.failWith(503);

    assertThat(send(Call.LOGIN)).isEqualTo(new Outcome.Unknown(503, "injected failure"));
  }

  @Test
  void doesNotRetry() {
    service.failWith(503);
    send(Call.READ);
    service.failWith(null);

    assertThat(service.sessions()).isEmpty();
    assertThat(send(Call.READ)).isEqualTo(new Outcome.Failed(401, "there is no session"));
  }

  @Test
  void readWithoutCartFails() {
    service.failWith(200);

    assertThat(send(Call.READ)).isEqualTo(new Outcome.Failed(200, "the answer is not a cart"));
  }

  @Test
  void refusedConnectionHadNoEffect() throws IOException {
    URI unusedAddress;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      unusedAddress = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/fake");
    }
    try (SessionClient refused = new SessionClient(unusedAddress, 1, DEADLINE)) {
      assertThat(refused.send(Call.ADD, "ada", "first", cookies).outcome())
          .isEqualTo(new Outcome.Failed(0, "no connection"));
    }
  }

  @Test
  void writeWithBrokenConnectionIsUnknown() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread cutter = Thread.startVirtualThread(() -> {
        try (Socket connection = socket.accept()) {
          assertThat(connection.getInputStream().read()).isPositive();
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      });
      URI base = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/fake");
      try (SessionClient interrupted = new SessionClient(base, 1, DEADLINE)) {
        assertThat(interrupted.send(Call.ADD, "ada", "first", cookies).outcome()).isInstanceOf(Outcome.Unknown.class);
      }
      assertThat(cutter).isNotNull();
    }
  }

  @Test
  void writeThatTimesOutIsUnknown() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SessionClient waiting = new SessionClient(
            URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/fake"), 1, Duration.ofMillis(100))) {
      assertThat(waiting.send(Call.ADD, "ada", "first", cookies).outcome())
          .isEqualTo(new Outcome.Unknown(0, "time-out"));
    }
  }

  private Outcome send(Call call) {
    return client.send(call, "ada", null, cookies).outcome();
  }
}
