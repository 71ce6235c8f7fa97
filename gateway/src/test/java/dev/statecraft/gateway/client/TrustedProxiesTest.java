package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
  private static final String PEER = "10.0.0.9";
  private static final TrustedProxies PROXIES = TrustedProxies.parse(List.of("10.0.0.0/8"), 64);

  /** Two trusted proxies: the outer one has TLS, the inner one has not. */
  @Test
  void factsOfOutermostProxySurviveChain() {
    ForwardedClient client = resolve("X-Forwarded-For", "9.9.9.9, 10.1.1.1", "X-Forwarded-Proto", "https, http",
        "X-Forwarded-Host", "shop.example, inner:8080", "X-Forwarded-Port", "8443, 8080", "X-Forwarded-Prefix",
        "/outer, /inner");
    assertThat(client.address()).isEqualTo("9.9.9.9");
    assertThat(client.isSecure()).isTrue();
    assertThat(client.host()).isEqualTo("shop.example");
    assertThat(client.forwardedPort()).isEqualTo("8443");
    assertThat(client.outerPrefix()).isEqualTo("/outer/inner");
    assertThat(client.fromTrustedPeer()).isTrue();
  }

  @Test
  void severalLinesAreOneList() {
    ForwardedClient client = resolve("X-Forwarded-For", "9.9.9.9", "X-Forwarded-For", "10.1.1.1", "X-Forwarded-Proto",
        "https", "X-Forwarded-Proto", "http", "X-Forwarded-Prefix", "/outer", "X-Forwarded-Prefix", "/inner");
    assertThat(client.address()).isEqualTo("9.9.9.9");
    assertThat(client.scheme()).isEqualTo("https");
    assertThat(client.outerPrefix()).isEqualTo("/outer/inner");
  }

  @Test
  void valuesBeforeThoseOfTrustedProxiesAreIgnored() {
    ForwardedClient client = resolve("X-Forwarded-For", "6.6.6.6, 9.9.9.9", "X-Forwarded-Proto", "https, http",
        "X-Forwarded-Host", "evil.example, shop.example", "X-Forwarded-Port", "666, 80", "X-Forwarded-Prefix",
        "/evil, /shop");
    assertThat(client.scheme()).isEqualTo("http");
    assertThat(client.host()).isEqualTo("shop.example");
    assertThat(client.forwardedPort()).isEqualTo("80");
    assertThat(client.outerPrefix()).isEqualTo("/shop");
  }

  @Test
  void oneValueIsThatOfTheWholeChain() {
    ForwardedClient client = resolve("X-Forwarded-For", "9.9.9.9, 10.1.1.1", "X-Forwarded-Proto", "https",
        "X-Forwarded-Prefix", "/outer/");
    assertThat(client.isSecure()).isTrue();
    assertThat(client.outerPrefix()).isEqualTo("/outer");
  }

  @Test
  void forwardedHeaderMayHaveQuotedCommas() {
    ForwardedClient client = resolve("Forwarded",
        "for=6.6.6.6;host=\"evil\", for=\"[2001:db8::1]:99\";host=\"shop.example:8443\";proto=HTTPS;by=\"a,b;c\"",
        "Forwarded", "For=10.1.1.1;proto=http");
    assertThat(client.address()).isEqualTo("2001:db8::1");
    assertThat(client.network()).isEqualTo("2001:db8:0:0:0:0:0:0/64");
    assertThat(client.chain()).isEqualTo("2001:db8::1, 10.1.1.1, " + PEER);
    assertThat(client.scheme()).isEqualTo("https");
    assertThat(client.host()).isEqualTo("shop.example:8443");
  }

  @ParameterizedTest
  @CsvSource({"/a;Path=/", "//evil", "/a/../b", "/.", "a", "/ü", "'/a b'"})
  void ignoresMalformedPrefix(String prefix) {
    assertThat(resolve("X-Forwarded-For", "9.9.9.9", "X-Forwarded-Prefix", prefix).outerPrefix()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0", "65536", "-1", "x", "''", "999999"})
  void ignoresMalformedPort(String port) {
    assertThat(resolve("X-Forwarded-For", "9.9.9.9", "X-Forwarded-Port", port).forwardedPort()).isNull();
  }

  @Test
  void serviceReceivesFactsOfTheChain() {
    HttpHeaders headers = new DefaultHttpHeaders();
    resolve("X-Forwarded-For", "9.9.9.9", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "shop.example",
        "X-Forwarded-Port", "8443", "X-Forwarded-Prefix", "/outer").writeTo(headers, "/shop");
    assertThat(headers.get("X-Forwarded-Prefix")).isEqualTo("/outer/shop");
    assertThat(headers.get("X-Forwarded-Port")).isEqualTo("8443");
  }

  @Property
  void anyHeadersHaveResult(@ForAll String addresses, @ForAll String forwarded, @ForAll String other) {
    HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders()
        .add("X-Forwarded-For", addresses).add("Forwarded", forwarded)
        .add("X-Forwarded-Proto", other).add("X-Forwarded-Host", other).add("X-Forwarded-Port", other)
        .add("X-Forwarded-Prefix", other);
    ForwardedClient client = PROXIES.resolve(PEER, "http", headers);
    assertThat(client.scheme()).isIn("http", "https");
    assertThat(client.outerPrefix()).matches("(/[A-Za-z0-9._~@-]+)*");
    headers.remove("X-Forwarded-For");
    assertThat(PROXIES.resolve(PEER, "http", headers).chain()).endsWith(PEER);
  }

  @Test
  void untrustedPeerTellsNothing() {
    HttpHeaders headers = new DefaultHttpHeaders().add("X-Forwarded-For", "9.9.9.9").add("X-Forwarded-Proto", "https")
        .add("X-Forwarded-Prefix", "/outer");
    ForwardedClient client = PROXIES.resolve("9.1.1.1", "http", headers);
    assertThat(client).isEqualTo(new ForwardedClient("9.1.1.1", "9.1.1.1", "9.1.1.1", "http", null, null, "", false));
  }

  private static ForwardedClient resolve(String... namesAndValues) {
    HttpHeaders headers = new DefaultHttpHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return PROXIES.resolve(PEER, "http", headers);
  }
}
