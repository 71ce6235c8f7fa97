package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.stateful.Browser.Answer;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = {"statecraft.session.strategy=affinity",
  "statecraft.session.affinity.maximum-sessions=100",
  "statecraft.cart.maximum-items=20"})
class AffinityHttpTest extends HttpContract {
  @Autowired
  private ApplicationContext context;

  @Override
  String strategy() {
    return "affinity";
  }

  @Override
  boolean invalidatesOldCookies() {
    return true;
  }

  @ParameterizedTest
  @FieldSource("KINDS")
  void overtakenRequestIsAConflict(String kind) throws Exception {
    Answer slow = answerOfOvertakenRequest(kind);

    assertProblem(slow, 409);
    assertThat(slow.response().body()).doesNotContain("some text", "slow");
    assertThat(slow.cookies()).isEmpty();
    assertThat(items(browser().get("/cart"))).containsExactly("apple");
  }

  @Test
  void fullNodeRejectsLoginsAndKeepsSessions() {
    loggedIn();
    Browser newUser = browser().copy();
    Answer rejection;
    do {
      newUser.setToken(null);
      rejection = newUser.post("/session", "{\"user\": \"bob\"}");
    } while (rejection.status() == 201);

    assertProblem(rejection, 503);
    assertThat(rejection.header("Retry-After")).isEqualTo("1");
    assertThat(rejection.cookies()).isEmpty();
    assertThat(browser().get("/session").status()).isEqualTo(200);
    time().setOffset(Duration.ofHours(2));
    assertThat(newUser.post("/session", "{\"user\": \"bob\"}").status()).isEqualTo(201);
  }

  @Test
  void cartRejectsItemsAboveItsMaximum() {
    loggedIn();
    for (int i = 0; i < 20; i++) {
      assertThat(browser().post("/cart/items", "{\"item\": \"" + i + "\"}").status()).isEqualTo(201);
    }

    assertProblem(browser().post("/cart/items", APPLE), 413);
    assertThat(items(browser().get("/cart"))).hasSize(20).doesNotContain("apple");
  }

  @Test
  void createsNoRedisBeans() {
    assertThat(context.getBeanDefinitionNames())
        .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).matches(".*(redis|lettuce).*"));
  }
}
