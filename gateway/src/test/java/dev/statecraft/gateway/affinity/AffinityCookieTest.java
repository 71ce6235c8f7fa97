package dev.statecraft.gateway.affinity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.signing.KeyRing;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class AffinityCookieTest {
  private final KeyRing keys = KeyRing.random();
  private final AffinityCookie cookie = new AffinityCookie("shop", "/shop", keys);
  private final AffinityAssignment assignment = cookie.assign("node-1", 3, cookie.pseudonym("ada"));

  @Test
  void readsItsOwnAssignment() {
    assertThat(read("a=1; " + value(cookie))).isEqualTo(new AffinityReading.Verified(assignment));
    assertThat(cookie.isAssignedTo(assignment, "node-1")).isTrue();
    assertThat(cookie.isAssignedTo(assignment, "node-2")).isFalse();
  }

  @Test
  void otherGatewayWithTheSameKeysReadsTheAssignment() {
    AffinityCookie sameRoute = new AffinityCookie("shop", "/shop", keys);
    assertThat(sameRoute.read(List.of(value(cookie)))).isEqualTo(new AffinityReading.Verified(assignment));
  }

  @Test
  void pseudonymNeedsTheKey() {
    assertThat(new AffinityCookie("shop", "/shop", keys).pseudonym("ada")).isEqualTo(cookie.pseudonym("ada"));
    assertThat(List.of(cookie.pseudonym("bob"), new AffinityCookie("other", "/shop", keys).pseudonym("ada"),
        new AffinityCookie("shop", "/shop", KeyRing.random()).pseudonym("ada")))
        .doesNotContain(cookie.pseudonym("ada")).doesNotHaveDuplicates();
  }

  @Test
  void pseudonymWithoutKeyIsDropped() {
    String former = cookie.toSetCookie(cookie.assign("node-1", 3, "9ae16a3b2f90404f"), "", false).split(";", 2)[0];
    assertThat(read(former)).isEqualTo(new AffinityReading.Verified(cookie.assign("node-1", 3, "")));
  }

  @Test
  void usesFirstCookieThatVerifiesForTheRoute() {
    String nestedRoute = value(new AffinityCookie("shop-api", "/shop/api", keys));
    String second = value(cookie).replace("=", "=x") + "; " + value(cookie);

    assertThat(read(nestedRoute)).isEqualTo(new AffinityReading.Unverified());
    assertThat(read(nestedRoute + "; " + value(cookie))).isEqualTo(new AffinityReading.Verified(assignment));
    assertThat(read(nestedRoute, second)).isEqualTo(new AffinityReading.Verified(assignment));
  }

  @Test
  void distinguishesAbsentFromUnverified() {
    assertThat(read()).isEqualTo(new AffinityReading.Absent());
    assertThat(read("SESSION=abc")).isEqualTo(new AffinityReading.Absent());
    for (String text : List.of("", "one", "....", "......", keys.activeId() + ".a.x..b", "A".repeat(3000),
        value(new AffinityCookie("shop", "/shop", KeyRing.random())).substring(AffinityCookie.NAME.length() + 1))) {
      assertThat(read(AffinityCookie.NAME + '=' + text)).as(text).isEqualTo(new AffinityReading.Unverified());
    }
  }

  @Test
  void pathBeginsWithThePrefixOfOuterProxies() {
    assertThat(cookie.toSetCookie(assignment, "/outer", true)).contains("; Path=/outer/shop; ").endsWith("; Secure");
    assertThat(cookie.toSetCookie(assignment, "", false)).contains("; Path=/shop; ").doesNotContain("Secure");
  }

  @Property(tries = 300)
  void doesNotVerifyWithAnyCharacterChanged(@ForAll @IntRange(max = 1_000) int position, @ForAll char replacement) {
    String signed = value(cookie);
    int at = AffinityCookie.NAME.length() + 1 + position % (signed.length() - AffinityCookie.NAME.length() - 1);
    if (signed.charAt(at) != replacement && replacement != ';' && !Character.isWhitespace(replacement)) {
      String changed = signed.substring(0, at) + replacement + signed.substring(at + 1);
      assertThat(read(changed)).isEqualTo(new AffinityReading.Unverified());
    }
  }

  private AffinityReading read(String... cookieLines) {
    return cookie.read(List.of(cookieLines));
  }

  private String value(AffinityCookie route) {
    return route.toSetCookie(route.assign("node-1", 3, route.pseudonym("ada")), "", false).split(";", 2)[0];
  }
}
