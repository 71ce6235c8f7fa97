package dev.statecraft.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Clients stay at the node that opened their session, for as long as it lives. */
class AffinityTest {
  private static final String OLD_KEY = "statecraft.gateway.keys.old=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  private static final String NEW_KEY = "statecraft.gateway.keys.new=YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY=";
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"),
      Backend.start("three"));
  private static TestGateway gateway;
  private static TestGateway rotated;
  private static TestGateway impatient;

  @BeforeAll
  static void start() {
    gateway = TestGateway.over(NODES, "statecraft.gateway.routes.shop.affinity=login-cookie", OLD_KEY,
        "statecraft.gateway.active-key=old", "statecraft.gateway.routes.shop.probe.timeout=500ms");
    rotated = TestGateway.over(NODES, "statecraft.gateway.routes.shop.affinity=login-cookie", OLD_KEY, NEW_KEY,
        "statecraft.gateway.active-key=new");
    impatient = TestGateway.over(NODES, "statecraft.gateway.routes.shop.affinity=login-cookie", OLD_KEY,
        "statecraft.gateway.active-key=old", "statecraft.gateway.routes.shop.owner-silence=300ms",
        "statecraft.gateway.routes.shop.probe.timeout=100ms", "statecraft.gateway.routes.shop.deadline=300ms");
  }

  @AfterAll
  static void stop() {
    List.of(gateway, rotated, impatient).forEach(TestGateway::close);
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    for (Backend node : NODES) {
      node.revive();
      node.answering((request, response) -> {
        if (request.uri().equals("/session") && request.method().name().equals("POST")) {
          response.status(201).header("Set-Cookie", "SESSION=abc; Path=/shop");
        }
        return response.sendString(Mono.just(node.name()));
      });
    }
    for (TestGateway each : List.of(gateway, rotated, impatient)) {
      NODES.forEach(node -> each.awaitAvailable("shop", node.name(), true));
    }
    NODES.forEach(node -> node.seen().clear());
  }

  @Test
  void loginPinsTheClientToTheNodeThatOpenedTheSession() {
    for (int client = 0; client < 6; client++) {
      HttpResponse<String> login = gateway.post("/shop/session", "{}");
      String cookie = pin(login);
      for (int i = 0; i < 5; i++) {
        HttpResponse<String> answer = gateway.get("/shop/cart", "Cookie", cookie);
        assertThat(answer.body()).isEqualTo(login.body());
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
      }
    }
  }

  @Test
  void cookieNamesNoNodeAndIsKeptFromScriptsAndServices() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    String setCookie = setPin(login);
    assertThat(setCookie).contains("; Path=/shop", "; HttpOnly", "; SameSite=Lax").doesNotContain("Secure")
        .doesNotContain("one", "two", "three", "127.0.0.1");
    NODES.forEach(node -> node.seen().clear());
    gateway.get("/shop/cart", "Cookie", "a=1; " + pin(login) + "; SESSION=abc");
    assertThat(NODES.stream().flatMap(node -> node.seen().stream()).toList()).singleElement()
        .satisfies(seen -> assertThat(seen.headers().get("Cookie")).isEqualTo("a=1; SESSION=abc"));
  }

  @Test
  void withoutASessionThereIsNothingToPin() {
    assertThat(gateway.get("/shop/cart").headers().allValues("Set-Cookie")).isEmpty();
  }

  @Test
  void clientOfADeadOwnerIsMovedOnceAndStaysWhenTheOwnerComesBack() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    Backend owner = node(login.body());
    owner.kill();
    HttpResponse<String> moved = gateway.post("/shop/cart/items", "{}", "Cookie", pin(login));
    assertThat(moved.headers().firstValue("X-Affinity")).hasValue("moved");
    assertThat(moved.body()).isNotEqualTo(login.body());
    assertThat(epoch(login)).isZero();
    assertThat(epoch(moved)).isEqualTo(1);
    owner.restart();
    gateway.awaitAvailable("shop", owner.name(), true);
    HttpResponse<String> next = gateway.get("/shop/cart", "Cookie", pin(moved));
    assertThat(next.body()).isEqualTo(moved.body());
    assertThat(next.headers().firstValue("X-Affinity")).isEmpty();
  }

  @Test
  void brokenConnectionToALivingOwnerMovesNobody() {
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
    HttpResponse<String> answer = gateway.get("/shop/cart", "Cookie", pin(login));
    assertThat(answer.body()).isEqualTo(owner.name());
    assertThat(answer.headers().firstValue("X-Affinity")).isEmpty();
  }

  @Test
  void ownerThatOnlyAnswersNoProbesKeepsItsClients() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    Backend owner = node(login.body());
    owner.silentToProbes(true);
    gateway.awaitAvailable("shop", owner.name(), false);
    HttpResponse<String> answer = gateway.post("/shop/cart/items", "{}", "Cookie", pin(login));
    assertThat(answer.body()).isEqualTo(owner.name());
    assertThat(answer.headers().firstValue("X-Affinity")).isEmpty();
    assertThat(gateway.post("/shop/session", "{}").body()).isNotEqualTo(owner.name());
  }

  @Test
  void clientOfAnOwnerThatStaysSilentIsMovedInTheEnd() {
    HttpResponse<String> login = impatient.post("/shop/session", "{}");
    Backend owner = node(login.body());
    owner.silentToProbes(true);
    owner.answering((request, response) -> Mono.never());
    await().until(() -> impatient.get("/shop/cart", "Cookie", pin(login)).headers().firstValue("X-Affinity")
        .equals(Optional.of("moved")));
  }

  @Test
  void loginIsAssignedAfresh() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    await().untilAsserted(() -> {
      HttpResponse<String> again = gateway.post("/shop/session", "{}", "Cookie", pin(login));
      assertThat(again.body()).isNotEqualTo(login.body());
      assertThat(again.headers().firstValue("X-Affinity")).isEmpty();
      assertThat(gateway.get("/shop/cart", "Cookie", pin(again)).body()).isEqualTo(again.body());
    });
  }

  @Test
  void forgedPinIsRefusedAndForgotten() {
    String cookie = pin(gateway.post("/shop/session", "{}"));
    NODES.forEach(node -> node.seen().clear());
    for (String forged : List.of(cookie + "x", cookie.substring(0, cookie.length() - 2), cookie.replace(".0.", ".7."),
        "STATECRAFT_AFFINITY=one", "STATECRAFT_AFFINITY=", "STATECRAFT_AFFINITY=....",
        "STATECRAFT_AFFINITY=" + "A".repeat(3000))) {
      HttpResponse<String> answer = gateway.get("/shop/cart", "Cookie", forged);
      assertThat(answer.statusCode()).as(forged).isEqualTo(400);
      assertThat(setPin(answer)).as(forged).startsWith("STATECRAFT_AFFINITY=;").contains("Max-Age=0");
    }
    assertThat(NODES).allSatisfy(node -> assertThat(node.seen()).isEmpty());
  }

  @Test
  void pinOfARetiredKeyIsNoPin() {
    String retired = pin(gateway.post("/shop/session", "{}")).replace("=old.", "=older.");
    HttpResponse<String> answer = gateway.get("/shop/cart", "Cookie", retired);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("X-Affinity")).isEmpty();
  }

  @Test
  void anyGatewayWithTheKeysServesAnyClientAndKeysCanBeRotated() {
    HttpResponse<String> login = gateway.post("/shop/session", "{}");
    assertThat(setPin(login)).startsWith("STATECRAFT_AFFINITY=old.");
    for (int i = 0; i < 4; i++) {
      assertThat(rotated.get("/shop/cart", "Cookie", pin(login)).body()).isEqualTo(login.body());
    }
    assertThat(setPin(rotated.post("/shop/session", "{}"))).startsWith("STATECRAFT_AFFINITY=new.");
  }

  private static Backend node(String name) {
    return NODES.stream().filter(node -> node.name().equals(name)).findFirst().orElseThrow();
  }

  private static String setPin(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie").stream().filter(it -> it.startsWith("STATECRAFT_AFFINITY="))
        .findFirst().orElseThrow();
  }

  private static String pin(HttpResponse<String> response) {
    return setPin(response).split(";", 2)[0];
  }

  private static int epoch(HttpResponse<String> response) {
    return Integer.parseInt(pin(response).split("\\.", -1)[2]);
  }
}
