package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.AffinityAssignment;
import dev.statecraft.gateway.affinity.AffinityAssignmentReading;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.client.ForwardedClient;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * What one request has to do with affinity: the node that its client is pinned to, and the pin that goes back.
 *
 * <p>A login is assigned afresh. A response that opens a session pins its client to the node that gave it. When the
 * owner is gone, the client is pinned to the node that answered instead, with the epoch raised, and told by
 * {@code X-Affinity: moved}; its session is lost unless the nodes share sessions.
 */
final class SessionAffinity {
  private static final AsciiString X_AFFINITY = AsciiString.cached("X-Affinity");
  private static final String MOVED = "moved";

  private final ServedRoute route;
  private final boolean secure;
  private final boolean login;
  private final @Nullable AffinityAssignment pin;
  private final RoutingContext facts;
  private final @Nullable Node owner;

  private SessionAffinity(ServedRoute route, boolean secure, boolean login, @Nullable AffinityAssignment pin,
      RoutingContext facts) {
    this.route = route;
    this.secure = secure;
    this.login = login;
    this.pin = pin;
    this.facts = facts;
    this.owner = pin == null || login ? null : find(route, pin);
  }

  /**
   * Reads what the request says of it.
   *
   * @throws GatewayProblem when the pin was forged
   */
  static SessionAffinity of(ServedRoute route, HttpServerRequest request, ForwardedClient client,
      RoutingContext facts) {
    AffinityCookie cookie = route.cookie();
    AffinityAssignment pin = null;
    if (cookie != null) {
      switch (cookie.read(request.requestHeaders().get(HttpHeaderNames.COOKIE))) {
        case AffinityAssignmentReading.Valid valid -> pin = valid.pin();
        case AffinityAssignmentReading.None none -> {
          // Assigned when it opens a session.
        }
        case AffinityAssignmentReading.Forged forged -> throw GatewayProblem.forgedPin(cookie.clear());
      }
    }
    boolean login = cookie != null && request.method().equals(HttpMethod.POST)
        && isPath(facts.target(), route.settings().loginPath());
    if (pin != null && !pin.user().isEmpty()) {
      facts.user(pin.user());
    }
    return new SessionAffinity(route, client.isSecure(), login, pin, facts);
  }

  /** Tells whether the request opens a session, so that its client is to be assigned. */
  boolean isLogin() {
    return login;
  }

  /** Returns the node that this request must go to while it lives, or null when any node will do. */
  @Nullable
  Node owner() {
    return owner;
  }

  /** Adds what the client must learn to the head of the response. */
  void addTo(HttpHeaders headers, Attempt attempt) {
    AffinityCookie cookie = route.cookie();
    Node node = attempt.node();
    if (cookie == null || (owner != null && owner == node)) {
      return;
    }
    boolean moved = pin != null && !login;
    if (!moved && !opensSession(headers)) {
      return;
    }
    String user = facts.user();
    int epoch = pin == null ? 0 : pin.epoch() + 1;
    headers.add(HttpHeaderNames.SET_COOKIE,
        cookie.write(cookie.pin(node.name(), epoch, user == null ? "" : user), secure));
    if (moved) {
      headers.set(X_AFFINITY, MOVED);
    }
  }

  private boolean opensSession(HttpHeaders headers) {
    String start = route.settings().sessionCookie() + '=';
    for (String setCookie : headers.getAll(HttpHeaderNames.SET_COOKIE)) {
      if (setCookie.startsWith(start) && setCookie.length() > start.length()
          && setCookie.charAt(start.length()) != ';') {
        return true;
      }
    }
    return false;
  }

  private static boolean isPath(String target, String path) {
    return target.startsWith(path) && (target.length() == path.length() || target.charAt(path.length()) == '?');
  }

  private static @Nullable Node find(ServedRoute route, AffinityAssignment pin) {
    AffinityCookie cookie = route.cookie();
    if (cookie != null) {
      for (Node node : route.pool().nodes()) {
        if (cookie.nodeId(pin, node.name()).equals(pin.nodeId())) {
          return node;
        }
      }
    }
    return null;
  }
}
