package dev.statecraft.gateway.resilience;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;

/**
 * Decides whether a failed attempt may be repeated on another node.
 *
 * <p>A request that was not sent may go to another node, whatever its method. A request that the node may have executed
 * is repeated only if its method is safe (RFC 9110 section 9.2.1). PUT and DELETE are idempotent by that RFC, but the
 * answer to the second request can differ from that to the first (204, then 401), so they are not repeated.
 */
public final class RetryRule {
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private RetryRule() {}

  /**
   * Tells whether the request may be sent to another node.
   *
   * @param bodyConsumed whether the body was streamed, so that it cannot be sent again
   */
  public static boolean allows(HttpMethod method, boolean bodyConsumed, AttemptFailure failure) {
    return !bodyConsumed && (failure.isUnsent() || isSafe(method));
  }

  /** Tells whether the method is safe (RFC 9110 section 9.2.1). */
  public static boolean isSafe(HttpMethod method) {
    return SAFE.contains(method);
  }
}
