package dev.statecraft.lab.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CookieJarTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final CookieJar jar = new CookieJar(now::get);

  @Test
  void sendsCookieOnlyToItsPathAndBelow() {
    jar.accept(List.of("SESSION=abc; Path=/redis; HttpOnly; SameSite=Lax"), "/redis/session");

    assertThat(jar.header("/redis")).isEqualTo("SESSION=abc");
    assertThat(jar.header("/redis/cart/items")).isEqualTo("SESSION=abc");
    assertThat(jar.header("/redis-two/cart")).isEmpty();
    assertThat(jar.header("/cookie/cart")).isEmpty();
  }

  @Test
  void newValueReplacesOnlySameNameAndPath() {
    jar.accept(List.of("SESSION=one; Path=/a", "SESSION=root; Path=/"), "/a/session");
    jar.accept(List.of("SESSION=two; Path=/a"), "/a/session");

    assertThat(jar.header("/a/cart")).isEqualTo("SESSION=two; SESSION=root");
    assertThat(jar.header("/b/cart")).isEqualTo("SESSION=root");
  }

  @Test
  void keepsAffinityCookieBesideSessionCookie() {
    jar.accept(List.of("STATECRAFT_AFFINITY=n1.sig; Path=/affinity", "SESSION=abc; Path=/affinity"),
        "/affinity/session");

    assertThat(jar.header("/affinity/cart")).isEqualTo("SESSION=abc; STATECRAFT_AFFINITY=n1.sig");
  }

  @Test
  void mergeKeepsConcurrentChanges() {
    jar.accept(List.of("SESSION=one; Path=/a", "PIN=n1; Path=/a", "OLD=x; Path=/a"), "/a/session");
    CookieJar copy = jar.copy();
    CookieJar untouched = jar.copy();
    jar.accept(List.of("PIN=n2; Path=/a"), "/a/cart");
    copy.accept(List.of("SESSION=two; Path=/a", "OLD=; Path=/a; Max-Age=0"), "/a/cart");

    jar.merge(copy);
    jar.merge(untouched);

    assertThat(jar.header("/a/cart")).isEqualTo("PIN=n2; SESSION=two");
  }

  @Test
  void maxAgeZeroRemovesCookie() {
    jar.accept(List.of("SESSION=abc; Path=/a"), "/a/session");
    jar.accept(List.of("SESSION=; Path=/a; Max-Age=0"), "/a/session");

    assertThat(jar.header("/a/cart")).isEmpty();
  }

  @Test
  void pastExpiryRemovesCookie() {
    jar.accept(List.of("SESSION=abc; Path=/a"), "/a/session");
    jar.accept(List.of("SESSION=; Path=/a; Expires=Thu, 01 Jan 1970 00:00:10 GMT"), "/a/session");

    assertThat(jar.header("/a/cart")).isEmpty();
  }

  @Test
  void cookieExpiresAtMaxAge() {
    jar.accept(List.of("SESSION=abc; Path=/a; Max-Age=60"), "/a/session");

    assertThat(jar.header("/a/cart")).isEqualTo("SESSION=abc");
    now.updateAndGet(time -> time.plusSeconds(60));
    assertThat(jar.header("/a/cart")).isEmpty();
  }

  @Test
  void cookieWithoutPathGetsRequestDirectory() {
    jar.accept(List.of("SESSION=abc"), "/a/session/rotate");

    assertThat(jar.header("/a/session/x")).isEqualTo("SESSION=abc");
    assertThat(jar.header("/a/cart")).isEmpty();
  }

  @Test
  void keepsValueUnchanged() {
    jar.accept(List.of("SESSION=v1.k2.AbC-_d9.fff=; Path=/a"), "/a/session");

    assertThat(jar.header("/a/cart")).isEqualTo("SESSION=v1.k2.AbC-_d9.fff=");
  }

  @Test
  void ignoresMalformedCookie() {
    jar.accept(List.of("", "=x", "no equals sign", "SESSION=abc; Path=/a"), "/a/session");

    assertThat(jar.header("/a/cart")).isEqualTo("SESSION=abc");
  }
}
