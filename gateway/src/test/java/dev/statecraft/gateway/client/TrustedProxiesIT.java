package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.gateway.Backend;
import dev.statecraft.gateway.TestGateway;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The client's address decides where a request goes and how many are admitted, so a client must not be able to choose
 * it.
 */
class TrustedProxiesIT {
  private static final String ROUTE = "statecraft.gateway.routes.shop.";
  private static final Backend SERVICE = Backend.start("one");
  private static final List<Backend> NODES = List.of(Backend.start("a"), Backend.start("b"), Backend.start("c"),
      Backend.start("d"));
  private static TestGateway open;
  private static TestGateway behind;
  private static TestGateway hashing;

  @BeforeAll
  static void start() {
    open = TestGateway.over(List.of(SERVICE), ROUTE + "protection.rate-per-second=1",
        ROUTE + "protection.rate-burst=20");
    behind = TestGateway.over(List.of(SERVICE),
        "statecraft.gateway.client.trusted-proxies=127.0.0.0/8,10.0.0.0/8");
    hashing = TestGateway.over(NODES, ROUTE + "balance=ip-hash");
  }

  @AfterAll
  static void stop() {
    List.of(open, behind, hashing).forEach(TestGateway::close);
    SERVICE.close();
    NODES.forEach(Backend::close);
  }

  @BeforeEach
  void reset() {
    SERVICE.received().clear();
  }

  @Test
  void ignoresForwardedHeadersOfUntrustedPeer() {
    open.get("/shop/x", "X-Forwarded-For", "6.6.6.6", "Forwarded", "for=6.6.6.6;proto=https;host=evil.example",
        "X-Forwarded-Proto", "https", "X-Forwarded-Host", "evil.example");
    var received = SERVICE.received().getFirst().headers();
    assertThat(received.getAll("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(received.getAll("Forwarded"))
        .containsExactly("for=127.0.0.1;proto=http;host=\"127.0.0.1:" + open.port() + '"');
    assertThat(received.getAll("X-Forwarded-Proto")).containsExactly("http");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {"9.9.9.9|9.9.9.9|9.9.9.9, 127.0.0.1",
    "6.6.6.6, 9.9.9.9|9.9.9.9|9.9.9.9, 127.0.0.1",
    "6.6.6.6, 9.9.9.9, 10.1.1.1|9.9.9.9|9.9.9.9, 10.1.1.1, 127.0.0.1", "10.2.2.2, 10.1.1.1|10.2.2.2|"
        + "10.2.2.2, 10.1.1.1, 127.0.0.1",
    "nonsense, 9.9.9.9|9.9.9.9|9.9.9.9, 127.0.0.1", "nonsense|127.0.0.1|127.0.0.1", "9.9.9.9:4711|9.9.9.9|"
        + "9.9.9.9, 127.0.0.1",
    "[2001:db8::1]:4711|\"[2001:db8::1]\"|2001:db8::1, 127.0.0.1"})
  void readsClientFromEndOfTrustedChain(String header, String client, String chain) {
    behind.get("/shop/x", "X-Forwarded-For", header, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example");
    var received = SERVICE.received().getFirst().headers();
    assertThat(received.get("X-Forwarded-For")).isEqualTo(chain);
    assertThat(received.get("Forwarded")).isEqualTo("for=" + client + ";proto=https;host=\"shop.example\"");
    assertThat(received.get("X-Forwarded-Port")).isEqualTo("443");
  }

  @Test
  void readsClientFromForwardedHeader() {
    behind.get("/shop/x", "Forwarded", "for=6.6.6.6, for=\"[2001:db8::1]:99\";proto=https, for=10.1.1.1;proto=https");
    var received = SERVICE.received().getFirst().headers();
    assertThat(received.get("X-Forwarded-For")).isEqualTo("2001:db8::1, 10.1.1.1, 127.0.0.1");
    assertThat(received.get("X-Forwarded-Proto")).isEqualTo("https");
  }

  @Test
  void headerDoesNotEvadeRateLimit() {
    int rejected = 0;
    for (int i = 0; i < 500 && rejected == 0; i++) {
      HttpResponse<String> response = open.get("/shop/x", "X-Forwarded-For", "6.6.6." + i % 250);
      if (response.statusCode() == 429) {
        rejected++;
        assertThat(Integer.parseInt(response.headers().firstValue("Retry-After").orElse("0"))).isPositive();
      }
    }
    assertThat(rejected).isEqualTo(1);
  }

  @Test
  void headerDoesNotChangeHashedAddress() {
    String node = hashing.get("/shop/x").body();
    for (int i = 0; i < 50; i++) {
      assertThat(hashing.get("/shop/x", "X-Forwarded-For", "6.6.6." + i).body()).isEqualTo(node);
    }
  }
}
