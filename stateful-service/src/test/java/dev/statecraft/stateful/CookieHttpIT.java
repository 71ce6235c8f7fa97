package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateful.Browser.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = "statecraft.session.strategy=cookie")
class CookieHttpIT extends HttpContract {
  @Override
  String strategy() {
    return "cookie";
  }

  @Override
  boolean invalidatesOldCookies() {
    return false;
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void lastOverlappingAnswerWins(String kind) throws Exception {
    Answer slow = answerOfOvertakenRequest(kind);

    assertThat(slow.status()).isBetween(200, 204);
    String lastCookie = slow.cookies().getLast();
    browser().setToken(lastCookie.substring("SESSION=".length(), lastCookie.indexOf(';')));
    assertThat(items(browser().get("/cart"))).containsExactly("slow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"small", "flushed", "large"})
  void cartTooLargeForACookieIsRejected(String kind) {
    List<String> acknowledged = fillCart();
    String tokenBefore = browser().token();

    Answer rejection = browser().post("/append/" + kind + "?item=" + "x".repeat(256), null);
    assertProblem(rejection, 413);
    assertThat(rejection.response().body()).doesNotContain("some text");
    assertThat(rejection.cookies()).isEmpty();
    assertThat(browser().token()).isEqualTo(tokenBefore);
    assertThat(items(browser().get("/cart"))).isEqualTo(acknowledged);
  }

  private List<String> fillCart() {
    loggedIn();
    List<String> acknowledged = new ArrayList<>();
    while (true) {
      String item = "item-" + acknowledged.size() + "-" + "y".repeat(200);
      Answer answer = browser().post("/cart/items", "{\"item\": \"" + item + "\"}");
      if (answer.status() != 201) {
        assertProblem(answer, 413);
        assertThat(acknowledged).hasSizeGreaterThan(5);
        return acknowledged;
      }
      assertThat(answer.cookies()).singleElement().asString().hasSizeLessThan(4200);
      acknowledged.add(item);
    }
  }

  @Test
  void oldCookieShowsItsOldState() {
    loggedIn().post("/cart/items", APPLE);
    Browser old = browser().copy();
    browser().post("/cart/items", "{\"item\": \"pear\"}");

    assertThat(items(old.get("/cart"))).containsExactly("apple");
    assertThat(items(browser().get("/cart"))).containsExactly("apple", "pear");
  }
}
