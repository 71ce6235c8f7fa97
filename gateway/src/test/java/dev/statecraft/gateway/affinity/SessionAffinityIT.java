package dev.statecraft.gateway.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.RawClient;
import dev.statecraft.gateway.TestGateway;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Clients stay at the node that opened their session while it lives. */
class SessionAffinityIT {
  private static final String OLD_KEY = "statecraft.gateway.keys.old=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final String NEW_KEY = "statecraft.gateway.keys.new=YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=";
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"),
      Backend.start("three"));
  private static TestGateway gateway;
  private static TestGateway rotated;
  private static TestGateway shortTimeouts;

  @BeforeAll
  static void start() {
    gateway = TestGateway.over(NODES, "statecraft.gateway.routes.shop.affinity=login-cookie", OLD_KEY,
        "statecraft.gateway.active-key=old", "statecraft.gateway.routes.shop.probe.timeout=500ms",
        "statecraft.gateway.routes.shop.owner-silence=10m", "statecraft.gateway.routes.shop.deadline=60s");
    rotated = TestGateway.over(NODES, "statecraft.gateway.routes.shop.affinity=login-cookie", OLD_KEY, NEW_KEY,
        "statecraft.gateway.active-key=new", "statecraft.gateway.routes.shop.deadline=60s");
    shortTimeouts = TestGateway.over(NODES, "statecraft.gateway.routes.shop.affinity=login-cookie", OLD_KEY,
        "statecraft.gateway.active-key=old", "statecraft.gateway.routes.shop.owner-silence=300ms",
        "statecraft.gateway.routes.shop.probe.timeout=100ms", "statecraft.gateway.routes.shop.deadline=300ms");
  }

  @AfterAll
  static void stop() {
    List.of(gateway, rotated, shortTimeouts).forEach(TestGateway::close);
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    for (Backend node : NODES) {
      node.reset();
      node.answering((request, response) -> {
        if (request.uri().equals("/session") && request.method().name().equals("POST")) {
          response.status(201).header("Set-Cookie", "SESSION=abc; Path=/shop");
        }
        return response.sendString(Mono.just(node.name()));
      });
    }
    for (TestGateway each : List.of(gateway, rotated, shortTimeouts)) {
      NODES.forEach(node -> each.awaitAvailable("shop", node.name(), true));
    }
    NODES.forEach(node -> node.received().clear());
  }

  @Test
  void loginAssignsClientToNodeOfSession() {
    for (int client = 0; client < 6; client++) {
      HttpResponse<String> login = gateway.post("/shop/session", "{}");
      String cookie = affinityCookie(login);
      for (int i = 0; i < 5; i++) {
        HttpResponse<String> answer = gateway.get("/shop/cart", "Cookie", cookie);
        assertThat(answer.body()).isEqualTo(login.body());
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
      }
    }
  }

  @Test
  void cookieIsOpaqueAndNotSentToServices() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    String setCookie = affinitySetCookie(login);
    assertThat(setCookie).contains("; Path=/shop", "; HttpOnly", "; SameSite=Lax").doesNotContain("Secure")
        .doesNotContain("one", "two", "three", "127.0.0.1");
    NODES.forEach(node -> node.received().clear());
    gateway.get("/shop/cart", "Cookie", "a=1; " + affinityCookie(login) + "; SESSION=abc");
    assertThat(NODES.stream().flatMap(node -> node.received().stream()).toList()).singleElement()
        .satisfies(received -> assertThat(received.headers().get("Cookie")).isEqualTo("a=1; SESSION=abc"));
  }

  @Test
  void assignsNothingWithoutSession() {
    assertThat(gateway.get("/shop/cart").headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void movesClientOfDeadOwnerOnce() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    Backend owner = node(login.body());
    owner.kill();
    HttpResponse<String> moved = gateway.post("/shop/cart/items", "{}", "Cookie", affinityCookie(login));
    assertThat(moved.headers().firstValue("X-Affinity")).hasValue("moved");
    assertThat(moved.body()).isNotEqualTo(login.body());
    assertThat(epoch(login)).isZero();
    assertThat(epoch(moved)).isEqualTo(1);
    owner.restart();
    gateway.awaitAvailable("shop", owner.name(), true);
    HttpResponse<String> next = gateway.get("/shop/cart", "Cookie", affinityCookie(moved));
    assertThat(next.body()).isEqualTo(moved.body());
    assertThat(next.headers().firstValue("X-Affinity")).isEmpty();
  }

  @Test
  void brokenConnectionToLivingOwnerMovesNoClient() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    Backend owner = node(login.body());
    AtomicInteger asked = new AtomicInteger();
    owner.answering((request, response) -> {
      if (asked.getAndIncrement() == 0) {
        request.withConnection(connection -> connection.dispose());
        return Mono.never();
      }
      return response.sendString(Mono.just(owner.name()));
    });
    HttpResponse<String> answer = gateway.get("/shop/cart", "Cookie", affinityCookie(login));
    assertThat(answer.body()).isEqualTo(owner.name());
    assertThat(answer.headers().firstValue("X-Affinity")).isEmpty();
  }

  @Test
  void ownerThatMissesProbesKeepsItsClients() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    Backend owner = node(login.body());
    owner.ignoreProbes(true);
    gateway.awaitAvailable("shop", owner.name(), false);
    HttpResponse<String> answer = gateway.post("/shop/cart/items", "{}", "Cookie", affinityCookie(login));
    assertThat(answer.body()).isEqualTo(owner.name());
    assertThat(answer.headers().firstValue("X-Affinity")).isEmpty();
    assertThat(gateway.post("/shop/session", "{}").body()).isNotEqualTo(owner.name());
  }

  @Test
  void movesClientOfOwnerThatStaysSilent() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    Backend owner = node(login.body());
    owner.ignoreProbes(true);
    owner.answering((request, response) -> Mono.never());
    await()
        .until(() -> shortTimeouts.get("/shop/cart", "Cookie", affinityCookie(login)).headers()
            .firstValue("X-Affinity").equals(Optional.of("moved")));
  }

  @Test
  void loginIsAssignedAgain() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    await().untilAsserted(() -> {
      HttpResponse<String> again = gateway.post("/shop/session", "{}", "Cookie", affinityCookie(login));
      assertThat(again.body()).isNotEqualTo(login.body());
      assertThat(again.headers().firstValue("X-Affinity")).isEmpty();
      assertThat(gateway.get("/shop/cart", "Cookie", affinityCookie(again)).body()).isEqualTo(again.body());
    });
  }

  @Test
  void replacesUnverifiedCookieByNewAssignment() {
    String signed = affinityCookie(gateway.post("/shop/session", "{}"));
    for (String unverified : List.of(signed + "x", signed.substring(0, signed.length() - 2),
        signed.replace(".0.", ".7."), signed.replace("=old.", "=retired."), "STATECRAFT_AFFINITY=one",
        "STATECRAFT_AFFINITY=", "STATECRAFT_AFFINITY=....", "STATECRAFT_AFFINITY=" + "A".repeat(3000))) {
      double before = unverifiedCount();
      HttpResponse<String> answer = gateway.get("/shop/cart", "Cookie", unverified);
      assertThat(answer.statusCode()).as(unverified).isEqualTo(200);
      assertThat(answer.headers().firstValue("X-Affinity")).as(unverified).isEmpty();
      assertThat(unverifiedCount()).as(unverified).isEqualTo(before + 1);
      assertThat(gateway.get("/shop/cart", "Cookie", affinityCookie(answer)).body()).as(unverified)
          .isEqualTo(answer.body());
    }
  }

  @Test
  void usesFirstCookieThatVerifies() throws IOException {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    String foreign = "STATECRAFT_AFFINITY=old.AAAAAAAAAAAA.0..AAAA";
    double before = unverifiedCount();
    for (List<String> lines : List.of(List.of(foreign + "; " + affinityCookie(login)),
        List.of(affinityCookie(login) + "; " + foreign), List.of(foreign, affinityCookie(login)),
        List.of("SESSION=abc", affinityCookie(login)), List.of(affinityCookie(login), "SESSION=abc; a=1"))) {
      for (int i = 0; i < 4; i++) {
        RawClient.Response answer = getWithCookies(lines);
        assertThat(answer.status()).as("%s", lines).isEqualTo(200);
        assertThat(answer.body()).as("%s", lines).isEqualTo(login.body());
        assertThat(answer.head()).as("%s", lines).doesNotContainIgnoringCase("set-cookie");
      }
    }
    assertThat(unverifiedCount()).isEqualTo(before);
  }

  @Test
  void sendsOtherCookiesOfAllLinesToTheService() throws IOException {
    String cookie = affinityCookie(gateway.post("/shop/session", "{}"));
    NODES.forEach(node -> node.received().clear());
    getWithCookies(List.of("SESSION=abc", cookie));
    getWithCookies(List.of(cookie, "SESSION=abc"));
    getWithCookies(List.of("SESSION=abc; " + cookie, "a=1"));
    getWithCookies(List.of(cookie));
    assertThat(NODES.stream().flatMap(node -> node.received().stream()))
        .extracting(received -> received.headers().getAll("Cookie"))
        .containsExactly(List.of("SESSION=abc"), List.of("SESSION=abc"), List.of("SESSION=abc; a=1"), List.of());
  }

  @Test
  void gatewaysShareKeysAndRotateThem() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    assertThat(affinitySetCookie(login)).startsWith("STATECRAFT_AFFINITY=old.");
    for (int i = 0; i < 4; i++) {
      assertThat(rotated.get("/shop/cart", "Cookie", affinityCookie(login)).body()).isEqualTo(login.body());
    }
    assertThat(affinitySetCookie(rotated.post("/shop/session", "{}"))).startsWith("STATECRAFT_AFFINITY=new.");
  }

  private static RawClient.Response getWithCookies(List<String> lines) throws IOException {
    StringBuilder request = new StringBuilder("GET /shop/cart HTTP/1.1\r\nHost: shop.example\r\n");
    lines.forEach(line -> request.append("Cookie: ").append(line).append("\r\n"));
    try (RawClient client = RawClient.connect(gateway.port())) {
      return client.send(request.append("\r\n").toString()).readResponse();
    }
  }

  private static double unverifiedCount() {
    return gateway.metric("statecraft_gateway_affinity_unverified_total", "route=\"shop\"");
  }

  private static Backend node(String name) {
    return NODES.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  private static String affinitySetCookie(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie").stream().filter(it -> it.startsWith("STATECRAFT_AFFINITY="))
        .findFirst().orElseThrow();
  }

  private static String affinityCookie(HttpResponse<String> response) {
    return affinitySetCookie(response).split(";", 2)[0];
  }

  private static int epoch(HttpResponse<String> response) {
    return Integer.parseInt(affinityCookie(response).split("\\.", -1)[2]);
  }
}
