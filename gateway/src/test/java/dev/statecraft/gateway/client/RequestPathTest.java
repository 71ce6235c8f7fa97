package dev.statecraft.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestPathTest {
  @ParameterizedTest
  @ValueSource(strings = {"/", "/a/b?x=1&y=%2F..%2f", "/a%20b", "/a.b/...c", "/%7Euser", "/a;v=1/b", "http://host/a",
    "/%C3%A9", "/a//b"})
  void acceptsPlainTargets(String target) {
    assertThat(RequestPath.problem(target)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "*", "a", "ftp://host/a", "/a/../b", "/..", "/a/.", "/%2e%2e/b", "/.%2E/b", "/a/..;x=1/b",
    "/a/%2e%2e%3bx/b", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/a%00b", "/a\u0000b", "/a b", "/a#b", "/a%0d%0ab",
    "/%", "/%4", "/%zz", "/%252e%252e/b", "//host/a", "/\u00e9", "/a%7Fb"})
  void rejectsTargetsThatServersResolveDifferently(String target) {
    assertThat(RequestPath.problem(target)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"/actuator/health,/actuator/health", "/Actuator?x=1,/actuator", "/%61ctuator,/actuator",
    "/actuator;x=1/env,/actuator/env", "//actuator//env,/actuator/env", "/a,/a"})
  void canonicalFormIsPathOfLenientServer(String target, String canonical) {
    assertThat(RequestPath.canonical(target)).isEqualTo(canonical);
  }

  @Test
  void removesPrefixFromEitherForm() {
    assertThat(RequestPath.strip("/shop/cart?x=1", "/shop")).isEqualTo("/cart?x=1");
    assertThat(RequestPath.strip("/shop", "/shop")).isEqualTo("/");
    assertThat(RequestPath.strip("/shop?x=1", "/shop")).isEqualTo("/?x=1");
    assertThat(RequestPath.strip("http://host:80/shop/cart", "/shop")).isEqualTo("/cart");
  }
}
