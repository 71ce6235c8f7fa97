package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateful.Browser.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/** A Raft group with one member; the session store's own tests cover larger groups. */
@TestPropertySource(properties = {"statecraft.session.strategy=replicated",
  "management.endpoints.web.exposure.include=health, prometheus, sessionstore, membership"})
class ReplicatedHttpIT extends HttpContract {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set by JUnit
  private static Path directory;

  @DynamicPropertySource
  static void formAGroup(DynamicPropertyRegistry properties) throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    properties.add("statecraft.session.replicated.members", () -> "node-under-test=127.0.0.1:" + port);
    properties.add("statecraft.session.replicated.directory", () -> directory);
  }

  @Override
  String strategy() {
    return "replicated";
  }

  @Override
  boolean invalidatesOldCookies() {
    return true;
  }

  @BeforeEach
  void awaitLeader() {
    Awaitility
        .await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> browser().get("/actuator/health/readiness").status() == 200);
  }

  @Test
  void lastMemberCannotLeaveTheGroup() {
    Answer shown = browser().get("/actuator/membership");
    assertThat(shown.status()).as(shown.response().body()).isEqualTo(200);
    assertThat(shown.json().get("members").toString()).isEqualTo("[\"node-under-test\"]");
    assertThat(shown.json().get("leader").asString()).isEqualTo("node-under-test");
    assertThat(shown.json().get("member").asBoolean()).isTrue();

    Answer rejection = browser().delete("/actuator/membership");
    assertProblem(rejection, 409);
    assertThat(rejection.json().get("detail").asString()).contains("only member");
    assertThat(browser().get("/actuator/membership").json()).isEqualTo(shown.json());
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void overtakenRequestIsAConflict(String kind) throws Exception {
    Answer slow = answerOfOvertakenRequest(kind);

    assertProblem(slow, 409);
    assertThat(slow.response().body()).doesNotContain("some text", "slow");
    assertThat(slow.cookies()).isEmpty();
    assertThat(items(browser().get("/cart"))).containsExactly("apple");
  }
}
