package dev.statecraft.gateway.route;

import dev.statecraft.gateway.resilience.AttemptFailure;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** What the gateway itself answers instead of a service: rendered as a problem document (RFC 9457). */
final class GatewayProblem extends RuntimeException {
  private final HttpStatus status;
  private final int retryAfterSeconds;
  private final @Nullable String setCookie;

  /**
   * Makes a problem.
   *
   * @param retryAfterSeconds where the request was certainly not done, when the client may send it again; otherwise 0
   */
  GatewayProblem(HttpStatus status, String detail, int retryAfterSeconds) {
    this(status, detail, retryAfterSeconds, null);
  }

  private GatewayProblem(HttpStatus status, String detail, int retryAfterSeconds, @Nullable String setCookie) {
    super(detail, null, false, false);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
    this.setCookie = setCookie;
  }

  /** Says how the last attempt failed, and so what the client may conclude. */
  static GatewayProblem of(AttemptFailure failure) {
    return switch (failure.kind()) {
      case REFUSED, UNREACHABLE, UNSENT -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "No node could be reached. The request was not sent.", 1);
      case EXHAUSTED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE,
          "Every connection is busy. The request was not sent.", 1);
      case DECLINED -> new GatewayProblem(HttpStatus.SERVICE_UNAVAILABLE, "The service declined the request.", 1);
      case BROKEN -> new GatewayProblem(HttpStatus.BAD_GATEWAY,
          "The node closed the connection before it answered. The request may have been done.", 0);
      case TIMED_OUT -> new GatewayProblem(HttpStatus.GATEWAY_TIMEOUT,
          "The node did not answer in time. The request may have been done.", 0);
    };
  }

  /** Refuses a pin that somebody made or changed, and has the client forget it. */
  static GatewayProblem forgedPin(String setCookie) {
    return new GatewayProblem(HttpStatus.BAD_REQUEST, "The affinity cookie is not one of ours.", 0, setCookie);
  }

  /** Returns a cookie to set besides, or null. */
  @Nullable
  String setCookie() {
    return setCookie;
  }

  HttpStatus status() {
    return status;
  }

  int retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
