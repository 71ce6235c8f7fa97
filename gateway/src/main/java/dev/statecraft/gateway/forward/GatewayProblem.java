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
  private final HttpHeaders headers = new HttpHeaders();

  public GatewayProblem(HttpStatus status, String detail) {
    this(status, detail, 0, null);
  }

  /** Makes the answer to a request that was certainly not executed: the client may repeat it after this time. */
  GatewayProblem(HttpStatus status, String detail, long retryAfterSeconds) {
    this(status, detail, retryAfterSeconds, null);
  }

  /**
   * Makes an answer.
   *
   * @param retryAfterSeconds 0 if the request may have been executed
   * @param cause the kind of failure, for filters such as Retry; null for none of theirs
   */
  private GatewayProblem(HttpStatus status, String detail, long retryAfterSeconds, @Nullable Throwable cause) {
    super(detail, cause, false, false);
    this.body = ProblemDetail.forStatusAndDetail(status, detail);
    if (retryAfterSeconds > 0) {
      headers.set(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds));
    }
  }

  /** Makes the answer to a request whose last attempt failed. */
  static GatewayProblem of(AttemptFailure failure) {
    return switch (failure.kind()) {
      case REFUSED, UNREACHABLE, TLS, UNSENT ->
        new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "No node could be reached. The request was not sent.", 1,
            connectionFailed());
      case GATEWAY_EXHAUSTED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "The gateway has no free port or file for a connection. The request was not sent.", 1);
      case EXHAUSTED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "All connections are busy. The request was not sent.", 1);
      case DECLINED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "The service declined the request.", 1);
      case BROKEN -> new GatewayProblem(HttpStatus.BAD_GATEWAY,
          "The node closed the connection before it answered. The request may have been executed.", 0,
          connectionFailed());
      case CLIENT_ABORTED -> new GatewayProblem(HttpStatus.BAD_REQUEST, "The body is incomplete.");
      case TIMED_OUT, STALLED, OUT_OF_TIME -> new GatewayProblem(HttpStatus.GATEWAY_TIMEOUT,
          "The node did not answer in time. The request may have been executed.", 0,
          new TimeoutException("the node did not answer in time"));
    };
  }

  private static IOException connectionFailed() {
    return new IOException("the connection to the node failed");
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
