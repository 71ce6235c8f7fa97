package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.client.RequestPath;
import dev.statecraft.gateway.resilience.Deadline;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Duration;
import java.util.Locale;
import org.springframework.http.HttpStatus;

/** Decides which requests of a route are forwarded at all. Immutable. */
final class RouteAdmission {
  /** Below the prefix: the nodes that affinity {@code user-choice} offers. */
  private static final String OFFER_PATH = "/.statecraft/nodes";

  private final ServedRoute route;
  private final GatewayServices services;
  private final String hidden;

  RouteAdmission(ServedRoute route, GatewayServices services) {
    this.route = route;
    this.services = services;
    this.hidden = route.settings().hiddenPath().toLowerCase(Locale.ROOT);
  }

  /** Tells whether clients must not reach the target of a service. */
  boolean hides(String target) {
    if (hidden.isEmpty()) {
      return false;
    }
    String path = RequestPath.canonical(target);
    return path.startsWith(hidden) && (path.length() == hidden.length() || path.charAt(hidden.length()) == '/');
  }

  /** Tells whether the gateway itself answers, with the nodes that the user can choose. */
  boolean offersNodes(HttpMethod method, String target) {
    return route.choice() != null && target.equals(OFFER_PATH) && method.equals(HttpMethod.GET);
  }

  /**
   * Counts a request of a client.
   *
   * @throws GatewayProblem if the client sends more than the route allows
   */
  void count(ForwardedClient client) {
    Duration wait = route.rateLimiter().tryAcquire(client.network());
    if (!wait.isZero()) {
      services.metrics().countRejected(route.id(), "rate-limit");
      throw new GatewayProblem(HttpStatus.TOO_MANY_REQUESTS, "The client sent too many requests.",
          wait.toSeconds() + 1);
    }
  }

  /**
   * Returns the time that a request has.
   *
   * @throws GatewayProblem if the deadline is malformed or has passed
   */
  Duration timeLimit(ForwardedClient client, HttpHeaders headers) {
    Duration timeLimit = route.settings().deadline();
    try {
      Duration requested = Deadline.timeLimit(timeLimit, headers);
      // Anyone else could make nodes fail by a deadline that no node can keep.
      if (client.fromTrustedPeer()) {
        timeLimit = requested;
      }
    } catch (IllegalArgumentException malformed) {
      throw new GatewayProblem(HttpStatus.BAD_REQUEST, String.valueOf(malformed.getMessage()));
    }
    if (timeLimit.isZero()) {
      throw new GatewayProblem(HttpStatus.GATEWAY_TIMEOUT, "The deadline has passed. The request was not sent.");
    }
    return timeLimit;
  }
}
