package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API that the servlet and the reactive service share, asked over real HTTP. Each service runs all of it. */
public abstract class StatelessContract {
  private static final HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /** The port on which the service under test listens. */
  protected abstract int port();

  /** The service's own name, as {@code GET /whoami} must tell it. */
  protected abstract String service();

  @Test
  void whoamiNamesServiceAndNode() throws Exception {
    HttpResponse<byte[]> response = send(request("/whoami").GET());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(new String(response.body(), StandardCharsets.UTF_8))
        .isEqualTo("{\"service\":\"" + service() + "\",\"node\":\"node-under-test\"}");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, 65_536})
  void echoReturnsEveryByte(int size) throws Exception {
    byte[] body = new byte[size];
    new Random(size).nextBytes(body);
    HttpResponse<byte[]> response = send(request("/echo").POST(BodyPublishers.ofByteArray(body)));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(body);
  }

  @Test
  void echoNeverServesAPageOfTheCallersMaking() throws Exception {
    HttpResponse<byte[]> response = send(request("/echo").header("Content-Type", "text/html")
        .header("Accept", "text/html").POST(BodyPublishers.ofString("<script>alert(1)</script>")));
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
  }

  @Test
  void bodyOverTheLimitIsRefusedWithAProblem() throws Exception {
    byte[] body = new byte[65_537];
    Arrays.fill(body, (byte) 'x');
    assertProblem(send(request("/echo").POST(BodyPublishers.ofByteArray(body))), 413);
  }

  @Test
  void unknownPathIsAProblem() throws Exception {
    assertProblem(send(request("/nothing-here").GET()), 404);
  }

  @Test
  void wrongMethodIsAProblem() throws Exception {
    assertProblem(send(request("/whoami").DELETE()), 405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/whoami", "/nothing-here", "/actuator/health/readiness"})
  void everyAnswerNamesItsNode(String path) throws Exception {
    assertThat(send(request(path).GET()).headers().allValues("X-Served-By")).containsExactly("node-under-test");
  }

  @ParameterizedTest
  @ValueSource(strings = {"readiness", "liveness"})
  void probesAnswer(String probe) throws Exception {
    assertThat(send(request("/actuator/health/" + probe).GET()).statusCode()).isEqualTo(200);
  }

  private static void assertProblem(HttpResponse<byte[]> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("\"status\":" + status)
        .doesNotContain("Exception");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(Duration.ofSeconds(10));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }
}
