package dev.statecraft.reactive.session;

import dev.statecraft.service.contract.ServiceUnderTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** A Raft group with one member. */
@TestPropertySource(properties = {ServiceUnderTest.PROPERTIES, "statecraft.session.strategy=replicated"})
class ReplicatedSessionIT extends SessionHttpContract {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path directory;

  @DynamicPropertySource
  static void formGroup(DynamicPropertyRegistry properties) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    properties.add("statecraft.session.replicated.members", () -> "node-under-test=127.0.0.1:" + port);
    properties.add("statecraft.session.replicated.directory", () -> directory);
  }

  @BeforeEach
  void awaitLeader() {
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> get("/actuator/health").statusCode() == 200);
  }

  @Override
  boolean invalidatesOldCookies() {
    return true;
  }
}
