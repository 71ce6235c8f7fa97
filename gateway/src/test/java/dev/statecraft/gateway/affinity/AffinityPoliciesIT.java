package dev.statecraft.gateway.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** How each affinity policy assigns a client at login. */
class AffinityPoliciesIT {
  private static final Pattern OFFER = Pattern.compile("\\{\"id\":\"([^\"]+)\",\"label\":\"([^\"]+)\"}");
  private static final List<Backend> NODES = List.of(Backend.start("one"), Backend.start("two"),
      Backend.start("three"));
  private static TestGateway gateway;

  @BeforeAll
  static void start() {
    List<String> properties = new ArrayList<>();
    for (String policy : List.of("user-choice", "network", "user-id")) {
      String at = "statecraft.gateway.routes." + policy + '.';
      properties.addAll(List.of(at + "prefix=/" + policy, at + "affinity=" + policy, at + "probe.interval=50ms"));
      NODES.forEach(node -> properties.add(at + "nodes." + node.name() + '=' + node.url()));
    }
    properties.addAll(List.of("statecraft.gateway.routes.user-choice.labels.two=Second node",
        "statecraft.gateway.routes.network.groups.two=here", "statecraft.gateway.routes.network.groups.one=there",
        "statecraft.gateway.routes.network.networks.there=0.0.0.0/0",
        "statecraft.gateway.routes.network.networks.here=10.0.0.0/8,127.0.0.0/8",
        "statecraft.gateway.client.trusted-proxies=127.0.0.0/8"));
    gateway = TestGateway.start(properties);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    for (Backend node : NODES) {
      node.reset();
      node.answering((request, response) -> request.uri().equals("/session")
          ? response.header("Set-Cookie", "SESSION=abc")
              .send(request.receive().aggregate().retain())
          : response.sendString(Mono.just(node.name())));
      for (String policy : List.of("user-choice", "network", "user-id")) {
        gateway.awaitAvailable(policy, node.name(), true);
      }
    }
  }

  @Test
  void assignsNodeThatUserChose() {
    List<String> labels = new ArrayList<>();
    Set<String> served = new HashSet<>();
    Matcher offers = OFFER.matcher(gateway.get("/user-choice/.statecraft/nodes").body());
    while (offers.find()) {
      labels.add(offers.group(2));
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> login = gateway.post("/user-choice/session", "{}", "X-AffinityPolicy-Node",
            offers.group(1));
        served.add(offers.group(2) + '=' + servedBy(login));
        assertThat(servedBy(gateway.get("/user-choice/cart", "Cookie", affinityCookie(login))))
            .isEqualTo(servedBy(login));
      }
    }
    assertThat(labels).containsExactly("Node 1", "Node 2", "Second node");
    assertThat(served).containsExactlyInAnyOrder("Node 1=one", "Node 2=three", "Second node=two");
  }

  @Test
  void assignsByRuleIfChoiceIsInvalid() {
    assertThat(gateway.post("/user-choice/session", "{}", "X-AffinityPolicy-Node", "made-up").statusCode())
        .isEqualTo(200);
    Matcher offers = OFFER.matcher(gateway.get("/user-choice/.statecraft/nodes").body());
    assertThat(offers.find()).isTrue();
    NODES.getFirst().kill();
    HttpResponse<String> login = gateway.post("/user-choice/session", "{}", "X-AffinityPolicy-Node", offers.group(1));
    assertThat(servedBy(login)).isIn("two", "three");
  }

  @Test
  void assignsNodeInGroupOfClientNetwork() {
    for (int i = 0; i < 4; i++) {
      assertThat(servedBy(gateway.post("/network/session", "{}"))).isEqualTo("two");
    }
    NODES.get(1).kill();
    assertThat(servedBy(gateway.post("/network/session", "{}"))).isIn("one", "three");
  }

  @Test
  void cookiePathHasThePrefixesOfTrustedProxies() {
    HttpResponse<String> login = gateway.post("/network/session", "{}", "X-Forwarded-For", "9.9.9.9, 127.0.0.2",
        "X-Forwarded-Prefix", "/outer, /inner", "X-Forwarded-Proto", "https, http");
    assertThat(login.headers().allValues("Set-Cookie"))
        .anyMatch(cookie -> cookie.contains("; Path=/outer/inner/network;")
            && cookie.endsWith("; Secure"));
  }

  @Test
  void assignsAllDevicesOfUserToOneNode() {
    Set<String> nodes = new HashSet<>();
    for (int user = 0; user < 20; user++) {
      String body = "{\"user\": \"user-" + user + "\"}";
      HttpResponse<String> laptop = gateway.post("/user-id/session", body);
      HttpResponse<String> phone = gateway.post("/user-id/session", body);
      assertThat(laptop.body()).isEqualTo(body);
      assertThat(servedBy(phone)).isEqualTo(servedBy(laptop));
      nodes.add(servedBy(laptop));
    }
    assertThat(nodes).containsExactlyInAnyOrder("one", "two", "three");
  }

  @Test
  void movesAllDevicesOfUserToOneNode() {
    HttpResponse<String> laptop = gateway.post("/user-id/session", "{\"user\": \"ada\"}");
    HttpResponse<String> phone = gateway.post("/user-id/session", "{\"user\": \"ada\"}");
    assertThat(affinityCookie(laptop)).doesNotContain("ada");
    NODES.stream().filter(node -> node.name().equals(servedBy(laptop))).forEach(Backend::kill);
    HttpResponse<String> moved = gateway.get("/user-id/cart", "Cookie", affinityCookie(laptop));
    assertThat(moved.headers().firstValue("X-Affinity")).hasValue("moved");
    assertThat(servedBy(gateway.get("/user-id/cart", "Cookie", affinityCookie(phone)))).isEqualTo(servedBy(moved));
  }

  @Test
  void forwardsLoginWithoutUsableUserName() {
    for (String body : List.of("", "{}", "not json", "[1]", "{\"user\": 7}")) {
      assertThat(gateway.post("/user-id/session", body).statusCode()).as(body).isEqualTo(200);
    }
    // A body that is too long to be buffered streams, and the balancing rule assigns.
    String huge = "{\"user\": \"" + "x".repeat(100_000) + "\"}";
    assertThat(gateway.post("/user-id/session", huge).body()).isEqualTo(huge);
  }

  private static String servedBy(HttpResponse<String> response) {
    return response.headers().firstValue("X-Served-By").orElse("");
  }

  private static String affinityCookie(HttpResponse<String> response) {
    return response.headers().allValues("Set-Cookie").stream().filter(it -> it.startsWith("STATECRAFT_AFFINITY="))
        .findFirst().orElseThrow().split(";", 2)[0];
  }
}
