package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.resilience.AttemptFailure;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponse;

/** An error response of the gateway itself, sent as a problem document (RFC 9457). */
public final class GatewayProblem extends RuntimeException implements ErrorResponse {
  private final ProblemDetail body;
  private @Nullable Throwable cause;
  private final HttpHeaders headers = new HttpHeaders();

  public GatewayProblem(HttpStatus status, String detail) {
    super(detail, null, false, false);
    this.body = ProblemDetail.forStatusAndDetail(status, detail);
  }

  /** Makes the answer to a request that was certainly not executed: the client may repeat it after this time. */
  GatewayProblem(HttpStatus status, String detail, long retryAfterSeconds) {
    this(status, detail);
    headers.set(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds));
  }

  /** Makes the answer to a request whose last attempt failed. */
  static GatewayProblem of(AttemptFailure failure) {
    GatewayProblem problem = problem(failure);
    problem.cause = switch (failure.kind()) {
      case REFUSED, UNREACHABLE, TLS, UNSENT, BROKEN -> new IOException("the connection to the node failed");
      case TIMED_OUT, STALLED, OUT_OF_TIME -> new TimeoutException("the node did not answer in time");
      case DECLINED, EXHAUSTED, GATEWAY_EXHAUSTED, CLIENT_ABORTED -> null;
    };
    return problem;
  }

  private static GatewayProblem problem(AttemptFailure failure) {
    return switch (failure.kind()) {
      case REFUSED, UNREACHABLE, TLS, UNSENT ->
        new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "No node could be reached. The request was not sent.", 1);
      case GATEWAY_EXHAUSTED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "The gateway has no free port or file for a connection. The request was not sent.", 1);
      case EXHAUSTED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "All connections are busy. The request was not sent.", 1);
      case DECLINED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "The service declined the request.", 1);
      case BROKEN -> new GatewayProblem(HttpStatus.BAD_GATEWAY,
          "The node closed the connection before it answered. The request may have been executed.");
      case CLIENT_ABORTED -> new GatewayProblem(HttpStatus.BAD_REQUEST, "The body is incomplete.");
      case TIMED_OUT, STALLED, OUT_OF_TIME -> new GatewayProblem(HttpStatus.GATEWAY_TIMEOUT,
          "The node did not answer in time. The request may have been executed.");
    };
  }

  /** Returns what kind of failure it was, for filters such as Retry; null for none of theirs. */
  @Override
  public synchronized @Nullable Throwable getCause() {
    return cause;
  }

  @Override
  public HttpStatusCode getStatusCode() {
    return HttpStatusCode.valueOf(body.getStatus());
  }

  @Override
  public HttpHeaders getHeaders() {
    return headers;
  }

  @Override
  public ProblemDetail getBody() {
    return body;
  }
}
