package dev.statecraft.gateway.resilience;

import io.netty.handler.codec.http.HttpMethod;
import java.util.Set;

/**
 * Decides whether a failed attempt may be made again on another node.
 *
 * <p>A request that never left may go to another node, whatever its method. One that may have been done is repeated
 * only when its method is safe (RFC 9110 section 9.2.1). PUT and DELETE are idempotent by that RFC too, but the answer
 * to the second one can differ from that to the first (204, then 401), so the client is told instead.
 */
public final class RetryRule {
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private RetryRule() {}

  /**
   * Tells whether the request may be sent to a node that has not tried it.
   *
   * @param bodyGone whether a body was passed on and not kept, so that it cannot be sent again
   */
  public static boolean allows(HttpMethod method, boolean bodyGone, AttemptFailure failure) {
    return !bodyGone && (failure.neverLeft() || isSafe(method));
  }

  /** Tells whether repeating the method changes nothing. */
  public static boolean isSafe(HttpMethod method) {
    return SAFE.contains(method);
  }
}
