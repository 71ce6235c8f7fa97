package dev.statecraft.gateway.route;

import dev.statecraft.gateway.resilience.AttemptFailure;
import org.springframework.http.HttpStatus;

/** What the gateway itself answers instead of a service: rendered as a problem document (RFC 9457). */
final class GatewayProblem extends RuntimeException {
  private final HttpStatus status;
  private final boolean retryable;

  /**
   * Makes a problem.
   *
   * @param retryable whether the request was certainly not done, so that the client may send it again: says so by
   *     {@code Retry-After}
   */
  GatewayProblem(HttpStatus status, String detail, boolean retryable) {
    super(detail, null, false, false);
    this.status = status;
    this.retryable = retryable;
  }

  /** Says how the last attempt failed, and so what the client may conclude. */
  static GatewayProblem of(AttemptFailure failure) {
    return switch (failure.kind()) {
      case REFUSED, UNSENT -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "No node could be reached. The request was not sent.", true);
      case EXHAUSTED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "Every connection is busy. The request was not sent.", true);
      case DECLINED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "The service declined the request.", true);
      case BROKEN -> new GatewayProblem(HttpStatus.BAD_GATEWAY,
          "The node closed the connection before it answered. The request may have been done.", false);
      case TIMED_OUT -> new GatewayProblem(HttpStatus.GATEWAY_TIMEOUT,
          "The node did not answer in time. The request may have been done.", false);
    };
  }

  HttpStatus status() {
    return status;
  }

  boolean retryable() {
    return retryable;
  }
}
