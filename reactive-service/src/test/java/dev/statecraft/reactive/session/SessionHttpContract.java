package dev.statecraft.reactive.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.service.contract.RunningService;
import dev.statecraft.service.contract.ServiceUnderTest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code /session} and {@code /cart} do in every strategy. */
abstract class SessionHttpContract extends RunningService {
  /** Whether a cookie from before a logout or a new id is invalid. */
  abstract boolean invalidatesOldCookies();

  private HttpRequest.Builder as(String path, String cookie) {
    HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
    return cookie.isEmpty() ? request : request.header("Cookie", cookie);
  }

  private HttpResponse<String> post(String path, String cookie, String body) throws Exception {
    return send(as(path, cookie).POST(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> get(String path, String cookie) throws Exception {
    return send(as(path, cookie).GET());
  }

  private static String cookie(HttpResponse<?> response) {
    List<String> cookies = response.headers().allValues("Set-Cookie");
    assertThat(cookies).hasSize(1);
    return cookies.getFirst().substring(0, cookies.getFirst().indexOf(';'));
  }

  private String login() throws Exception {
    HttpResponse<String> login = post("/session", "", "{\"user\": \"ada\"}");
    assertThat(login.statusCode()).as(login.body()).isEqualTo(201);
    assertThat(login.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(login.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("SESSION=")
        .containsIgnoringCase("HttpOnly");
    return cookie(login);
  }

  private static String latest(HttpResponse<?> response, String previous) {
    return response.headers().firstValue("Set-Cookie").isPresent() ? cookie(response) : previous;
  }

  @Test
  void cartKeepsItemsInOrder() throws Exception {
    String cookie = login();
    for (String item : List.of("apple", "pear")) {
      HttpResponse<String> added = post("/cart/items", cookie, "{\"item\": \"" + item + "\"}");
      assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
      cookie = latest(added, cookie);
    }

    HttpResponse<String> cart = get("/cart", cookie);
    assertThat(cart.body()).isEqualTo("{\"items\":[\"apple\",\"pear\"]}");
    assertThat(cart.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(get("/session", cookie).body()).contains("\"user\":\"ada\"", "\"version\":2");
  }

  @Test
  void rotationKeepsStateUnderNewCookie() throws Exception {
    String before = login();
    String after = cookie(post("/session/rotate", before, ""));

    assertThat(after).isNotEqualTo(before);
    assertThat(get("/session", after).statusCode()).isEqualTo(200);
    assertThat(get("/session", before).statusCode()).isEqualTo(invalidatesOldCookies() ? 401 : 200);
  }

  @Test
  void secondLoginChangesIdAndEmptiesCart() throws Exception {
    String first = login();
    first = latest(post("/cart/items", first, "{\"item\": \"apple\"}"), first);
    String second = cookie(post("/session", first, "{\"user\": \"bob\"}"));

    assertThat(second).isNotEqualTo(first);
    assertThat(get("/cart", second).body()).isEqualTo("{\"items\":[]}");
  }

  @Test
  void logoutEndsSession() throws Exception {
    String cookie = login();
    HttpResponse<String> logout = send(as("/session", cookie).DELETE());

    assertThat(logout.statusCode()).isEqualTo(204);
    assertThat(logout.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
    assertThat(get("/session", cookie).statusCode()).isEqualTo(invalidatesOldCookies() ? 401 : 200);
  }

  @Test
  void requestWithoutSessionIsUnauthorized() throws Exception {
    ServiceUnderTest.assertProblem(get("/session", ""), 401);
    ServiceUnderTest.assertProblem(get("/cart", "SESSION=forged"), 401);
    ServiceUnderTest.assertProblem(post("/session/rotate", "", ""), 401);
  }

  @Test
  void invalidTextIsRejected() throws Exception {
    ServiceUnderTest.assertProblem(post("/session", "", "{\"user\": \" \"}"), 400);
    ServiceUnderTest.assertProblem(post("/cart/items", login(), "{}"), 400);
  }
}
