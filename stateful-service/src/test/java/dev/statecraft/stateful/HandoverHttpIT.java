package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** Two nodes with the strategy {@code affinity} that are peers. */
class HandoverHttpIT {
  private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

  private final HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();

  @Test
  void peerServesSessionsOfAStoppedNode() throws Exception {
    try (ConfigurableApplicationContext remaining = start("remaining", "http://127.0.0.1:1")) {
      ConfigurableApplicationContext stopping = start("stopping", "http://127.0.0.1:" + portOf(remaining));
      assertThat(send(stopping, "POST", "/session", "{\"user\": \"ada\"}").statusCode()).isEqualTo(201);
      assertThat(send(stopping, "POST", "/cart/items", "{\"item\": \"apple\"}").statusCode()).isEqualTo(201);

      stopping.close();

      assertThat(send(remaining, "GET", "/cart", "").body()).contains("\"apple\"");
      assertThat(send(remaining, "POST", "/cart/items", "{\"item\": \"pear\"}").statusCode()).isEqualTo(201);
      assertThat(send(remaining, "GET", "/cart", "").body()).contains("\"apple\",\"pear\"");
      assertThat(send(remaining, "DELETE", "/session", "").statusCode()).isEqualTo(204);
      assertThat(send(remaining, "GET", "/session", "").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void requestWithoutSignatureIsForbidden() throws Exception {
    try (ConfigurableApplicationContext node = start("remaining", "http://127.0.0.1:1")) {
      for (String path : new String[]{"/ask", "/take", "/", "/else"}) {
        assertThat(send(node, "POST", "/actuator/handover" + path, "{}").statusCode()).isEqualTo(403);
      }
      assertThat(send(node, "GET", "/actuator/handover/ask", "").statusCode()).isEqualTo(405);
    }
  }

  private static ConfigurableApplicationContext start(String name, String peer) {
    return new SpringApplicationBuilder(StatefulApplication.class).run("--server.port=0",
        "--server.address=127.0.0.1", "--logging.level.root=warn", "--statecraft.node=" + name,
        "--statecraft.session.strategy=affinity", "--statecraft.session.keys.k1=" + KEY,
        "--statecraft.session.affinity.peers=" + name + "=http://127.0.0.1:1,peer=" + peer);
  }

  private static int portOf(ConfigurableApplicationContext node) {
    return Objects.requireNonNull(((WebServerApplicationContext) node).getWebServer()).getPort();
  }

  private HttpResponse<String> send(ConfigurableApplicationContext node, String method, String path, String body)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + portOf(node) + path))
        .timeout(Duration.ofSeconds(60)).method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
