package dev.statecraft.gateway.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.filter.WeightCalculatorWebFilter;
import reactor.core.publisher.Mono;

/** Balancing, affinity and retries that a route of Spring Cloud Gateway declares by filters. */
class RoutePolicyTest {
  private static final String PAGE = """
      statecraft.gateway.zone: zone-a
      statecraft.gateway.services:
        shop:
          nodes: {one: '${one}', two: '${two}'}
          groups: {two: v2}
          probe: {interval: 50ms, timeout: 5s}
        near:
          nodes: {one: '${one}', two: '${two}'}
          zones: {'[o*]': zone-a, two: zone-b}
          balance: round-robin
          probe: {interval: 50ms, timeout: 5s}
        books:
          nodes: {one: '${one}', two: '${two}'}
          probe: {interval: 50ms, timeout: 5s}
      spring.cloud.gateway.server.webflux.routes:
        - id: cart
          uri: lb://shop
          predicates: ['Path=/cart/**']
          filters: [StripPrefix=1, 'Affinity=login-cookie, /login, JSESSIONID']
        - id: admin
          uri: lb://shop
          predicates: ['Path=/admin/**']
          filters: [Affinity=login-cookie]
        - id: books
          uri: lb://books
          predicates: ['Path=/books/**']
          filters: [Affinity=login-cookie]
        - id: any
          uri: lb://shop
          predicates: ['Path=/any/**']
          filters: [Balance=round-robin]
        - id: canary-groups
          uri: lb://shop
          predicates: ['Path=/canary/**']
          metadata: {canary: {v2: 100}}
        - id: near
          uri: lb://near
          predicates: ['Path=/near/**']
        - id: once
          uri: lb://shop
          predicates: ['Path=/once/**']
          filters: [RetryBudget=0]
        - id: repeated
          uri: lb://shop
          predicates: ['Path=/repeated/**']
          filters: [RetryBudget=0.2, {name: Retry, args: {retries: 3}}]
        - id: stable
          uri: lb://shop
          predicates: ['Path=/release/**', 'Weight=release, 9']
          filters: ['AddResponseHeader=X-Release, stable']
        - id: canary
          uri: lb://shop
          predicates: ['Path=/release/**', 'Weight=release, 1']
          filters: ['AddResponseHeader=X-Release, canary']
      spring.cloud.gateway.server.webflux.predicate.weight.enabled: true
      """;

  private static Backend one;
  private static Backend two;
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    one = Backend.start("one");
    two = Backend.start("two");
    gateway = TestGateway.ofPage(PAGE, List.of(), List.of("one=" + one.url(), "two=" + two.url()));
    for (String service : List.of("shop", "books")) {
      gateway.awaitAvailable(service, "one", true);
      gateway.awaitAvailable(service, "two", true);
    }
  }

  @AfterAll
  static void stop() {
    gateway.close();
    one.close();
    two.close();
  }

  @BeforeEach
  void reset() {
    for (Backend node : List.of(one, two)) {
      node.reset();
      node.received().clear();
      node.answering((request, response) -> (request.method().name().equals("POST")
          ? response.addHeader("Set-Cookie", "JSESSIONID=1").addHeader("Set-Cookie", "SESSION=1")
          : response).sendString(Mono.just(node.name())));
    }
  }

  @Test
  void affinityKeepsAClientAtItsNodeOnAllRoutesOfTheService() {
    HttpResponse<String> login = gateway.post("/cart/login", "");
    String cookie = affinity(login);
    assertThat(cookie).startsWith("STATECRAFT_AFFINITY_shop=");
    assertThat(login.headers().allValues("Set-Cookie")).anyMatch(line -> line.contains("Path=/;"));
    for (int i = 0; i < 10; i++) {
      assertThat(gateway.get("/cart/items", "Cookie", cookie).body()).isEqualTo(login.body());
      assertThat(gateway.get("/admin/users", "Cookie", cookie + "; other=1").body()).isEqualTo(login.body());
    }
    Backend node = login.body().equals("one") ? one : two;
    assertThat(node.received().getLast().headers().get("Cookie")).isEqualTo("other=1");
  }

  @Test
  void cookiesOfTwoServicesDoNotReplaceEachOther() {
    String shop = affinity(gateway.post("/cart/login", ""));
    HttpResponse<String> login = gateway.post("/books/login", "", "Cookie", shop);
    String books = affinity(login);
    assertThat(books).startsWith("STATECRAFT_AFFINITY_books=");
    assertThat(gateway.get("/books/x", "Cookie", shop + "; " + books).body()).isEqualTo(login.body());
  }

  @Test
  void balanceChoosesTheRuleOfOneRoute() {
    Set<String> answers = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      answers.add(gateway.get("/any/x").body());
    }
    assertThat(answers).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void metadataGivesAGroupItsShareOfTheRequests() {
    for (int i = 0; i < 10; i++) {
      assertThat(gateway.get("/canary/x").body()).isEqualTo("two");
    }
  }

  @Test
  void prefersNodesInTheZoneOfTheGateway() {
    gateway.awaitAvailable("near", "one", true);
    gateway.awaitAvailable("near", "two", true);
    for (int i = 0; i < 10; i++) {
      assertThat(gateway.get("/near/x").body()).isEqualTo("one");
    }
    one.answering((request, response) -> response.status(503).send());
    assertThat(gateway.get("/near/x").body()).isEqualTo("two");
  }

  @Test
  void retryBudgetOfARouteBoundsItsRetries() {
    for (Backend node : List.of(one, two)) {
      node.answering((request, response) -> response.status(503).send());
    }
    assertThat(gateway.get("/once/x").statusCode()).isEqualTo(503);
    assertThat(one.received().size() + two.received().size()).isEqualTo(1);
  }

  /** The budget starts with 10 retries, and each request adds a fifth of one. */
  @Test
  void repetitionsOfTheRetryFilterCountAgainstTheBudget() {
    for (Backend node : List.of(one, two)) {
      node.answering((request, response) -> response.status(500).send());
    }
    for (int i = 0; i < 10; i++) {
      assertThat(gateway.get("/repeated/x").statusCode()).isEqualTo(500);
    }
    assertThat(one.received().size() + two.received().size()).isBetween(10 + 10, 10 + 12);
  }

  @Test
  void weightDividesRequestsAmongRoutes() {
    AtomicInteger next = new AtomicInteger();
    gateway.context().getBean(WeightCalculatorWebFilter.class)
        .setRandomSupplier(() -> next.getAndIncrement() % 100 / 100.0);
    Map<String, Integer> releases = new HashMap<>();
    for (int i = 0; i < 100; i++) {
      String release = gateway.get("/release/x").headers().firstValue("X-Release").orElseThrow();
      releases.merge(release, 1, Integer::sum);
    }
    assertThat(releases).isEqualTo(Map.of("stable", 90, "canary", 10));
  }

  private static String affinity(HttpResponse<String> login) {
    return login.headers().allValues("Set-Cookie").stream().filter(line -> line.startsWith("STATECRAFT_AFFINITY"))
        .map(line -> line.substring(0, line.indexOf(';'))).findFirst().orElseThrow();
  }
}
