package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateful.Browser.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import tools.jackson.databind.JsonNode;

/** What the service guarantees over HTTP with each session strategy. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
    properties = "statecraft.node=node-under-test")
@Import(HttpContract.Clocks.class)
abstract class HttpContract {
  static final List<String> KINDS = OverlappingRequests.KINDS;
  static final String APPLE = "{\"item\": \"apple\"}";

  @LocalServerPort
  private int port;
  @Autowired
  private OverlappingRequests overlapping;
  @Autowired
  private OffsetClock time;
  private Browser browser;

  /** Real time plus an offset that a test sets. */
  static final class OffsetClock implements InstantSource {
    private volatile Duration offset = Duration.ZERO;

    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().plus(offset);
    }

    void setOffset(Duration newOffset) {
      offset = newOffset;
    }
  }

  @TestConfiguration
  static class Clocks {
    @Bean
    OffsetClock sessionTime() {
      return new OffsetClock();
    }
  }

  abstract String strategy();

  /** Whether cookies from before a logout or a rotation become invalid. */
  abstract boolean invalidatesOldCookies();

  @BeforeEach
  void openBrowser() {
    browser = new Browser(port);
    time.setOffset(Duration.ZERO);
  }

  final Browser browser() {
    return browser;
  }

  final Browser loggedIn() {
    assertThat(browser.post("/session", "{\"user\": \"ada\"}").status()).isEqualTo(201);
    return browser;
  }

  final OverlappingRequests overlapping() {
    return overlapping;
  }

  final OffsetClock time() {
    return time;
  }

  static void assertProblem(Answer answer, int status) {
    assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
    assertThat(answer.header("X-Served-By")).isEqualTo("node-under-test");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.json().get("status").asInt()).isEqualTo(status);
    assertThat(answer.json().get("title").asString()).isNotBlank();
  }

  static List<String> items(Answer cart) {
    assertThat(cart.status()).as(cart.response().body()).isEqualTo(200);
    List<String> items = new ArrayList<>();
    for (JsonNode item : cart.json().get("items")) {
      items.add(item.asString());
    }
    return items;
  }

  @Test
  void userLogsInAddsItemsAndLogsOut() {
    Answer login = browser.post("/session", "{\"user\": \"ada\"}");
    assertThat(login.status()).isEqualTo(201);
    assertThat(login.header("X-Served-By")).isEqualTo("node-under-test");
    assertThat(login.header("Content-Type")).isEqualTo("application/json");
    assertThat(login.header("Cache-Control")).isEqualTo("no-store");
    assertThat(login.json().get("user").asString()).isEqualTo("ada");
    assertThat(login.json().get("strategy").asString()).isEqualTo(strategy());
    assertThat(login.json().get("version").asLong()).isZero();
    assertThat(items(browser.get("/cart"))).isEmpty();

    for (int version = 1; version <= 3; version++) {
      Answer added = browser.post("/cart/items", "{\"item\": \"item-" + version + "\"}");
      assertThat(added.status()).isEqualTo(201);
      assertThat(added.json().get("version").asInt()).isEqualTo(version);
    }
    assertThat(items(browser.get("/cart"))).containsExactly("item-1", "item-2", "item-3");

    Answer shown = browser.get("/session");
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
    assertThat(shown.json().get("version").asInt()).isEqualTo(3);
    assertThat(Instant.parse(shown.json().get("created").asString()))
        .isEqualTo(Instant.parse(login.json().get("created").asString()));
    assertThat(Instant.parse(shown.json().get("lastAccessed").asString()))
        .isAfterOrEqualTo(Instant.parse(shown.json().get("created").asString()));

    Answer logout = browser.delete("/session");
    assertThat(logout.status()).isEqualTo(204);
    assertThat(logout.cookies()).singleElement().asString().startsWith("SESSION=;").contains("Max-Age=0");
    assertProblem(browser.get("/cart"), 401);
  }

  @Test
  void checkoutClosesTheCart() {
    loggedIn().post("/cart/items", APPLE);
    assertThat(state()).isEqualTo("open");
    for (String step : List.of("reserve=reserved", "pay=paid", "ship=shipped")) {
      String after = step.substring(step.indexOf('=') + 1);
      Answer moved = browser.post("/cart/checkout/" + step.substring(0, step.indexOf('=')), null);
      assertThat(moved.status()).as(moved.response().body()).isEqualTo(200);
      assertThat(moved.json().get("state").asString()).isEqualTo(after);
      assertThat(state()).isEqualTo(after);
      assertProblem(browser.post("/cart/items", "{\"item\": \"pear\"}"), 409);
    }
    assertThat(items(browser.get("/cart"))).containsExactly("apple");
    assertThat(browser.get("/session").json().get("version").asInt()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({"'', pay ship", "reserve, reserve ship", "reserve pay, reserve pay",
    "reserve pay ship, reserve pay ship cancel", "cancel, reserve pay ship cancel"})
  void forbiddenStepIsAConflict(String before, String forbidden) {
    loggedIn().post("/cart/items", APPLE);
    for (String step : words(before)) {
      assertThat(browser.post("/cart/checkout/" + step, null).status()).isEqualTo(200);
    }
    String state = state();
    long version = browser.get("/session").json().get("version").asLong();
    for (String step : words(forbidden)) {
      assertProblem(browser.post("/cart/checkout/" + step, null), 409);
    }
    assertThat(state()).isEqualTo(state);
    assertThat(browser.get("/session").json().get("version").asLong()).isEqualTo(version);
    assertProblem(browser.post("/cart/checkout/return", null), 404);
    assertProblem(browser.get("/cart/checkout/reserve"), 405);
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
  }

  @Test
  void loginReplacesTheCart() {
    loggedIn().post("/cart/checkout/cancel", null);
    loggedIn();
    assertThat(state()).isEqualTo("open");
  }

  private String state() {
    return browser.get("/cart").json().get("state").asString();
  }

  @Test
  void allCallsButLoginNeedASession() {
    assertProblem(browser.get("/session"), 401);
    assertProblem(browser.get("/cart"), 401);
    assertProblem(browser.delete("/session"), 401);
    assertProblem(browser.post("/session/rotate", null), 401);
    assertProblem(browser.post("/cart/items", APPLE), 401);
    assertProblem(browser.post("/cart/checkout/reserve", null), 401);
  }

  @Test
  void loginReplacesTheClientsSession() {
    String first = Objects.requireNonNull(loggedIn().token());
    browser.post("/cart/items", APPLE);
    Browser attacker = browser.copy();
    assertThat(browser.post("/session", "{\"user\": \"bob\"}").status()).isEqualTo(201);

    assertThat(browser.token()).isNotEqualTo(first);
    assertThat(browser.get("/session").json().get("user").asString()).isEqualTo("bob");
    assertThat(items(browser.get("/cart"))).isEmpty();
    if (invalidatesOldCookies()) {
      assertProblem(attacker.get("/session"), 401);
    } else {
      assertThat(attacker.get("/session").json().get("user").asString()).isEqualTo("ada");
    }
  }

  @Test
  void loginIgnoresAnIdChosenByTheClient() {
    String chosen = UUID.randomUUID().toString();
    browser.setToken(chosen);
    loggedIn();

    assertThat(browser.token()).isNotEqualTo(chosen);
    Browser attacker = new Browser(port);
    attacker.setToken(chosen);
    assertProblem(attacker.get("/session"), 401);
  }

  @Test
  void rotationChangesTheIdAndKeepsTheState() {
    loggedIn().post("/cart/items", APPLE);
    Browser before = browser.copy();
    assertThat(browser.post("/session/rotate", null).status()).isEqualTo(200);

    assertThat(browser.token()).isNotEqualTo(before.token());
    assertThat(items(browser.get("/cart"))).containsExactly("apple");
    assertThat(before.get("/cart").status()).isEqualTo(invalidatesOldCookies() ? 401 : 200);
  }

  @Test
  void logoutEndsTheSessionInAllTabs() {
    Browser other = loggedIn().copy();
    assertThat(browser.delete("/session").status()).isEqualTo(204);

    assertThat(other.get("/session").status()).isEqualTo(invalidatesOldCookies() ? 401 : 200);
  }

  @Test
  void idleSessionExpires() {
    loggedIn();
    time.setOffset(Duration.ofMinutes(29));
    assertThat(browser.copy().get("/session").status()).isEqualTo(200);

    time.setOffset(Duration.ofMinutes(61));
    assertProblem(browser.get("/session"), 401);
  }

  @Test
  void cookieIsHttpOnlyAndScopedToItsPath() {
    Answer plain = browser.post("/session", "{\"user\": \"ada\"}");
    assertThat(plain.cookies()).singleElement().asString().contains("; Path=/;", "; HttpOnly", "; SameSite=Lax")
        .doesNotContain("Secure", "Max-Age", "Domain");

    Answer behindGateway = browser.post(
        "/session",
        "{\"user\": \"ada\"}",
        "X-Forwarded-Prefix",
        "/shop",
        "X-Forwarded-Proto",
        "https",
        "X-Forwarded-Host",
        "shop.example");
    assertThat(behindGateway.cookies()).singleElement().asString().contains("; Path=/shop", "; Secure", "; HttpOnly");
    assertThat(browser.delete("/session").status()).isEqualTo(204);
  }

  @Test
  void readsSendNoCookie() {
    loggedIn();

    assertThat(browser.get("/cart").cookies()).isEmpty();
    assertThat(browser.get("/session").cookies()).isEmpty();
  }

  @Test
  void invalidCookieOpensNoSession() {
    String token = Objects.requireNonNull(loggedIn().token());
    int middle = token.length() / 2;
    char changed = token.charAt(middle) == 'A' ? 'B' : 'A';
    Stream
        .of("", "x", "..", "1.x.y", "\"quoted\"", "%00%ff", "null", UUID.randomUUID().toString(), "a".repeat(4000),
            token + "A", "A" + token, token.substring(1), token.substring(0, middle),
            token.substring(0, token.length() - 1), token.substring(0, middle) + changed + token.substring(middle + 1))
        .forEach(forged -> {
          browser.setToken(forged);
          assertProblem(browser.get("/session"), 401);
          browser.setToken(forged);
          assertProblem(browser.post("/cart/items", APPLE), 401);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "{", "[]", "null", "{}", "{\"item\": null}", "{\"item\": \"\"}", "{\"item\": \" \\t\"}", "{\"item\": {}}",
    "{\"item\": [\"a\"]}", "{\"item\": \"\\ud800\"}", "{\"item\": \"a\"} trailing", "\u0000"})
  void invalidBodyIsABadRequest(String body) {
    loggedIn();
    assertProblem(browser.post("/cart/items", body), 400);
    assertProblem(browser.post("/session", body.replace("item", "user")), 400);
    assertThat(items(browser.get("/cart"))).isEmpty();
  }

  @Test
  void tooLongNameIsABadRequest() {
    loggedIn();
    assertProblem(browser.post("/cart/items", "{\"item\": \"" + "a".repeat(257) + "\"}"), 400);
    assertProblem(browser.post("/session", "{\"user\": \"" + "a".repeat(129) + "\"}"), 400);
  }

  @Test
  void tooLargeBodyIsRejected() {
    loggedIn();
    String large = "{\"item\": \"" + "a".repeat(RequestBodyLimit.MAX_BYTES) + "\"}";
    assertProblem(browser.post("/cart/items", large), 413);
    byte[] bytes = large.getBytes(StandardCharsets.UTF_8);
    assertProblem(
        browser.send(
            browser.request("/cart/items", "Content-Type", "application/json").POST(
                BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(bytes)))),
        413);
  }

  @Test
  void unsupportedRequestsAreProblems() {
    loggedIn();
    assertProblem(browser.get("/nowhere"), 404);
    assertProblem(browser.get("/session/nowhere"), 404);
    assertProblem(browser.delete("/cart"), 405);
    assertProblem(browser.get("/cart/items"), 405);
    assertProblem(browser.send(browser.request("/session", "Content-Type", "text/plain")
        .POST(BodyPublishers.ofString("ada"))), 415);
    assertProblem(browser.get("/session", "Accept", "text/html"), 406);
  }

  @Test
  void unparsableRequestIsAProblem() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(30_000);
      socket.getOutputStream()
          .write("GET /a|b%zz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 400").contains(
          "X-Served-By: node-under-test",
          "application/problem+json",
          "\"status\":400");
    }
  }

  @Test
  void onlyReadinessDependsOnTheStore() {
    assertThat(browser.get("/actuator/health/readiness").json().get("components").get("sessionStore").get("status")
        .asString()).isEqualTo("UP");
    Answer liveness = browser.get("/actuator/health/liveness");
    assertThat(liveness.status()).isEqualTo(200);
    assertThat(liveness.response().body()).doesNotContain("sessionStore");
    assertThat(liveness.header("X-Served-By")).isEqualTo("node-under-test");
  }

  @Test
  void endpointNamesStrategyNodeAndGuarantee() {
    JsonNode store = browser.get("/actuator/sessionstore").json();

    assertThat(store.get("strategy").asString()).isEqualTo(strategy());
    assertThat(store.get("node").asString()).isEqualTo("node-under-test");
    assertThat(store.has("sessions")).isTrue();
    assertThat(store.get("guarantee").get("keeps").asString()).isNotBlank();
  }

  @Test
  void prometheusIsServed() {
    loggedIn();

    assertThat(browser.get("/actuator/prometheus").response().body()).contains("http_server_requests");
  }

  /** Starts a request, lets a later one of the same session overtake it, and returns the answer of the first. */
  final Answer answerOfOvertakenRequest(String kind) throws Exception {
    Browser other = loggedIn().copy();
    CompletableFuture<Answer> slow = other.postLater("/overlap/" + kind + "?item=slow", null);
    overlapping.awaitArrival();
    assertThat(browser.post("/cart/items", APPLE).status()).isEqualTo(201);
    overlapping.release();
    return slow.get(120, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void answerIsCompleteHoweverItIsSent(String kind) throws Exception {
    loggedIn();
    CompletableFuture<Answer> request = browser.postLater("/overlap/" + kind + "?item=apple", null);
    overlapping.awaitArrival();
    overlapping.release();
    Answer answer = request.get(120, TimeUnit.SECONDS);

    assertThat(answer.status()).isBetween(200, 204);
    if (!kind.equals("nothing")) {
      assertThat(answer.json().isArray()).isTrue();
    }
    assertThat(items(browser.get("/cart"))).containsExactly("apple");
  }
}
