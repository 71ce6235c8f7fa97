package dev.statecraft.service.admission;

import dev.statecraft.service.node.NodeProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The answer to a request for which the service has no capacity: 503 with {@code Retry-After}, counted as
 * {@code concurrency.shed}. Thread-safe.
 */
public final class OverloadResponse {
  /**
   * Headers, in lower case, of a request that may have a body or change the protocol. Such a request cannot be rejected
   * by its first bytes.
   */
  public static final List<String> SPECIAL_REQUEST_HEADERS = List.of("content-length", "transfer-encoding", "expect",
      "upgrade");

  private static final String EXEMPT_PATH = "/actuator/";

  private final String body;
  private final Map<String, String> headers;
  private final Counter counter;

  /**
   * Makes the answer of a node.
   *
   * @param reason why there is no capacity, as the first half of a sentence
   * @param model the concurrency model, as the tag {@code model} of the counter
   */
  public OverloadResponse(NodeProperties node, String reason, String model, MeterRegistry registry) {
    this.body = "{\"title\":\"Service Unavailable\",\"status\":503,\"detail\":\"" + reason
        + "; try again in 1 second.\"}";
    this.headers = Map.of(NodeProperties.SERVED_BY_HEADER, node.node(), "Retry-After", "1", "Content-Type",
        "application/problem+json", "Content-Length", Integer.toString(body.length()));
    this.counter = Counter.builder("concurrency.shed").description("Requests rejected with 503 for lack of capacity")
        .tag("model", model).register(registry);
  }

  /** Tells whether a path is served without limits, so that an overloaded node is observable and passes its probes. */
  public static boolean isExempt(String path) {
    return path.startsWith(EXEMPT_PATH);
  }

  /** Counts a request that gets this answer. */
  public void count() {
    counter.increment();
  }

  /** All headers of the answer. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The body: a problem document (RFC 9457). */
  public byte[] body() {
    return body.getBytes(StandardCharsets.US_ASCII);
  }
}
