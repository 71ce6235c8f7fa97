package dev.statecraft.stateless;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * A running service, asked over real HTTP. The contracts that extend this hold for the servlet and the reactive one.
 */
public interface ServiceUnderTest {
  /** The node that the service under test must be named. */
  String NODE = "node-under-test";

  /** The largest body that the service under test must be set to take. */
  int MAXIMUM_BODY = 32 * 1024 * 1024;

  /** The properties with which a service under test starts, whatever else it is given. */
  String PROPERTIES = """
      statecraft.node=node-under-test
      statecraft.maximum-body=32MB
      statecraft.stall-time-out=5s
      management.prometheus.metrics.export.enabled=true
      """;

  /** The client of all tests; it follows no redirect and keeps connections alive. */
  HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(50)).build();

  /** The port on which the service under test listens. */
  int port();

  /** The service's own name, as {@code GET /whoami} must tell it. */
  String service();

  /** A request to a path of the service. */
  default HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(Duration.ofSeconds(50));
  }

  /** Sends a request and waits for the answer. */
  default HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** Asks for a path and waits for the answer. */
  default HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Asks for a path. */
  default CompletableFuture<HttpResponse<String>> getLater(String path) {
    return CLIENT.sendAsync(request(path).GET().build(), BodyHandlers.ofString());
  }

  /** Opens a connection of the test's own. */
  default RawClient connect() throws IOException {
    return new RawClient(port());
  }

  /** The sum of the values that a metric shows at {@code /actuator/prometheus}, 0 without any. */
  default double metric(String name) throws IOException, InterruptedException {
    return get("/actuator/prometheus").body().lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  /** Holds an answer against RFC 9457. */
  static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(response.headers().allValues("X-Served-By")).containsExactly(NODE);
    assertThat(response.body()).contains("\"status\":" + status).doesNotContain("Exception");
  }
}
