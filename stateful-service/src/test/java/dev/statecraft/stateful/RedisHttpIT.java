package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateful.Browser.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;
import redis.embedded.RedisServer;

@TestPropertySource(properties = "statecraft.session.strategy=redis")
class RedisHttpIT extends HttpContract {
  private static int redisPort;
  @SuppressWarnings("NullAway.Init") // started before the context, which needs its port
  private static RedisServer redis;

  @DynamicPropertySource
  static void startRedis(DynamicPropertyRegistry properties) throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      redisPort = socket.getLocalPort();
    }
    redis = RedisServer
        .newRedisServer()
        .port(redisPort)
        .setting("save \"\"")
        .soutListener(line -> {})
        .serrListener(line -> {})
        .build();
    redis.start();
    properties.add("spring.data.redis.host", () -> "127.0.0.1");
    properties.add("spring.data.redis.port", () -> redisPort);
    // Longer than in production, because a busy machine can delay a healthy Redis.
    properties.add("spring.data.redis.timeout", () -> "10s");
  }

  @AfterAll
  static void stopRedis() throws IOException {
    redis.stop();
  }

  @Override
  String strategy() {
    return "redis";
  }

  @Override
  boolean invalidatesOldCookies() {
    return true;
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void lastOverlappingWriteWins(String kind) throws Exception {
    Answer slow = answerOfOvertakenRequest(kind);

    assertThat(slow.status()).isBetween(200, 204);
    assertThat(items(browser().get("/cart"))).containsExactly("slow");
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void failedSaveIsAProblem(String kind) throws Exception {
    Browser browser = loggedIn();
    CompletableFuture<Answer> request = browser.postLater("/overlap/" + kind + "?item=apple", null);
    overlapping().awaitArrival();
    redis.stop();
    try {
      overlapping().release();
      Answer answer = request.get(120, TimeUnit.SECONDS);

      assertProblem(answer, 503);
      assertThat(answer.header("Retry-After")).isEqualTo("1");
      assertThat(answer.cookies()).isEmpty();
      assertThat(answer.response().body()).doesNotContain("some text");
    } finally {
      redis.start();
      awaitReadiness(browser, 200);
    }
  }

  @Test
  void withoutRedisTheNodeIsAliveButNotReady() throws Exception {
    Browser browser = loggedIn();
    redis.stop();
    try {
      assertProblem(browser.get("/cart"), 503);
      assertProblem(browser.post("/cart/items", APPLE), 503);
      assertProblem(browser.delete("/session"), 503);
      assertThat(browser.token()).as("cookie after a failed logout").isNotNull();
      Browser other = browser.copy();
      other.setToken(null);
      Answer login = other.post("/session", "{\"user\": \"bob\"}");
      assertProblem(login, 503);
      assertThat(login.cookies()).isEmpty();
      awaitReadiness(browser, 503);
      assertThat(browser.get("/actuator/health/liveness").status()).isEqualTo(200);
      assertThat(browser.get("/actuator/sessionstore").json().get("sessions").isNull()).isTrue();
    } finally {
      redis.start();
      awaitReadiness(browser, 200);
    }
    browser.setToken(null);
    loggedIn();
  }

  private static void awaitReadiness(Browser browser, int status) {
    Awaitility
        .await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(browser.get("/actuator/health/readiness").status()).isEqualTo(status));
  }
}
