package dev.statecraft.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.contract.ServiceUnderTest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

@TestPropertySource(properties = ServiceUnderTest.PROPERTIES)
class CookieSessionTest extends SessionHttpContract {
  @Override
  boolean invalidatesOldCookies() {
    return false;
  }

  @Test
  void tooLargeStateIsAProblem() throws Exception {
    String cookie = "";
    HttpResponse<String> response = add("/session", cookie, "{\"user\": \"ada\"}");
    for (int i = 0; response.statusCode() == 201 && i < 100; i++) {
      cookie = response.headers().firstValue("Set-Cookie").orElseThrow();
      response = add("/cart/items", cookie.substring(0, cookie.indexOf(';')), "{\"item\": \"" + i
          + "x".repeat(200) + "\"}");
    }

    ServiceUnderTest.assertProblem(response, 413);
    assertThat(response.headers().firstValue("Set-Cookie")).isEmpty();
  }

  private HttpResponse<String> add(String path, String cookie, String body) throws Exception {
    return send(request(path).header("Content-Type", "application/json").header("Cookie", cookie)
        .POST(BodyPublishers.ofString(body)));
  }
}
