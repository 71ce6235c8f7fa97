package dev.statecraft.service.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A running service, tested over HTTP. The contracts that extend this hold for both services. */
public interface ServiceUnderTest {
  /** Name of the node under test. */
  String NODE = "node-under-test";

  /** The largest body that the service under test accepts. */
  int MAX_BODY_BYTES = 32 * 1024 * 1024;

  /** The longest time that a test waits for a condition. */
  Duration TIMEOUT = Duration.ofSeconds(90);

  /** The properties of each service under test. */
  String PROPERTIES = """
      statecraft.node=node-under-test
      statecraft.maximum-body=32MB
      statecraft.stall-time-out=5s
      management.prometheus.metrics.export.enabled=true
      """;

  /** The client of all tests; it keeps connections open. */
  HttpClient CLIENT = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /** Port of the service under test. */
  int port();

  /** Name of the service, as {@code GET /whoami} must answer. */
  String service();

  /** Starts a request for a path. */
  default HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(TIMEOUT);
  }

  /** Sends a request and waits for the answer. */
  default HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** Sends a GET and waits for the answer. */
  default HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  /** Sends a GET. */
  default CompletableFuture<HttpResponse<String>> getLater(String path) {
    return CLIENT.sendAsync(request(path).GET().build(), BodyHandlers.ofString());
  }

  /** Opens a plain connection. */
  default RawClient connect() throws IOException {
    return new RawClient(port());
  }

  /** Sum of the values of a metric at {@code /actuator/prometheus}; 0 if there are none. */
  default double metric(String name) throws IOException, InterruptedException {
    return get("/actuator/prometheus").body().lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
  }

  /** Checks that an answer is a problem document (RFC 9457). */
  static void assertProblem(HttpResponse<String> response, int status) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(response.headers().allValues("X-Served-By")).containsExactly(NODE);
    assertThat(response.body()).contains("\"status\":" + status).doesNotContain("Exception");
  }
}
