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
class RedisHttpTest extends HttpContract {
  private static int redisPort;
  @SuppressWarnings("NullAway.Init") // started before the context, as its properties are asked for
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
    // Not the second of production: a busy machine may make a Redis that is well wait longer.
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
  boolean oldCookieIsDead() {
    return true;
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void lastOfTwoOverlappingWritesWinsAsDeclared(String kind) throws Exception {
    Answer slow = overtaken(kind);

    assertThat(slow.status()).isBetween(200, 204);
    assertThat(items(browser().get("/cart"))).containsExactly("slow");
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void saveThatRedisDoesNotTakeIsAProblemHoweverTheAnswerLeaves(String kind) throws Exception {
    Browser browser = loggedIn();
    CompletableFuture<Answer> request = browser.postLater("/overlap/" + kind + "?item=apple", null);
    overlap().awaitArrival();
    redis.stop();
    try {
      overlap().letGo();
      Answer refusal = request.get(120, TimeUnit.SECONDS);

      assertProblem(refusal, 503);
      assertThat(refusal.header("Retry-After")).isEqualTo("1");
      assertThat(refusal.cookies()).isEmpty();
      assertThat(refusal.response().body()).doesNotContain("some text");
    } finally {
      redis.start();
      awaitReadiness(browser, 200);
    }
  }

  @Test
  void withoutRedisTheNodeIsAliveButNotReadyAndSaysSo() throws Exception {
    Browser browser = loggedIn();
    redis.stop();
    try {
      assertProblem(browser.get("/cart"), 503);
      assertProblem(browser.post("/cart/items", APPLE), 503);
      assertProblem(browser.delete("/session"), 503);
      assertThat(browser.token()).as("a logout that failed can be tried again").isNotNull();
      Browser other = browser.tab();
      other.hold(null);
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
    browser.hold(null);
    loggedIn();
  }

  private static void awaitReadiness(Browser browser, int status) {
    Awaitility
        .await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(browser.get("/actuator/health/readiness").status()).isEqualTo(status));
  }
}
