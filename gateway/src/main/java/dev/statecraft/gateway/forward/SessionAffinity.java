package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.affinity.AffinityAssignment;
import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.AffinityPolicy;
import dev.statecraft.gateway.affinity.AffinityReading;
import dev.statecraft.gateway.affinity.LoginUser;
import dev.statecraft.gateway.balance.Node;
import dev.statecraft.gateway.balance.RoutingContext;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The session affinity of one request: the node that its client is assigned to, and the assignment in the response.
 *
 * <p>A login is assigned again. A response that opens a session assigns the client to its node. If the owner is gone,
 * the client is assigned to the node that answered, with the epoch increased, and the response says
 * {@code X-Affinity: moved}; the session is lost unless the nodes share sessions. A cookie that cannot be verified
 * counts as absent, and the response replaces it by an assignment to the node that answered.
 */
final class SessionAffinity {
  private static final Logger log = LoggerFactory.getLogger(SessionAffinity.class);
  private static final AsciiString X_AFFINITY = AsciiString.cached("X-Affinity");
  private static final String MOVED = "moved";

  private final ServedRoute route;
  private final @Nullable AffinityCookie cookie;
  private final RoutingContext context;
  private final ForwardedClient client;
  private final boolean login;
  private final boolean unverified;
  private final @Nullable AffinityAssignment assignment;
  private final @Nullable Node owner;

  /** Reads the affinity cookies of the request. */
  SessionAffinity(ServedRoute route, HttpMethod method, HttpHeaders headers, ForwardedClient client,
      RoutingContext context, GatewayMetrics metrics) {
    this.route = route;
    this.cookie = route.cookie();
    this.context = context;
    this.client = client;
    this.login = cookie != null && method.equals(HttpMethod.POST)
        && isPath(context.target(), route.settings().loginPath());
    AffinityReading reading = cookie == null
        ? new AffinityReading.Absent()
        : cookie.read(headers.getAll(HttpHeaderNames.COOKIE));
    this.assignment = reading instanceof AffinityReading.Verified verified ? verified.assignment() : null;
    this.unverified = reading instanceof AffinityReading.Unverified;
    if (assignment != null && !assignment.user().isEmpty()) {
      context.user(assignment.user());
    }
    if (unverified) {
      metrics.countUnverifiedAffinity(route.id());
      log.debug("Route {}: the affinity cookie of {} cannot be verified; its client is assigned again", route.id(),
          client.address());
    }
    this.owner = assignment == null || cookie == null || login ? null : find(route, cookie, assignment);
  }

  /**
   * Finds the user of a login, if the policy needs the user.
   *
   * @param body is asked for only if the user may be there
   */
  void findUser(HttpHeaders headers, Supplier<byte @Nullable []> body, JsonMapper json) {
    if (cookie == null || !login || route.settings().affinity() != AffinityPolicy.USER_ID) {
      return;
    }
    String user = LoginUser.find(route.settings().userFrom(), headers, body.get(), json);
    if (user != null) {
      context.user(cookie.pseudonym(user));
    }
  }

  /** Returns the node that must serve this request while it holds sessions; null if any node can. */
  @Nullable
  Node owner() {
    return owner;
  }

  /** Adds the assignment to the headers of the response, if it is new. */
  void addTo(HttpHeaders headers, Node node) {
    if (cookie == null || (owner != null && owner == node)) {
      return;
    }
    boolean moved = assignment != null && !login;
    if (!moved && !unverified && !opensSession(headers)) {
      return;
    }
    String user = context.user();
    int epoch = assignment == null ? 0 : assignment.epoch() + 1;
    headers.add(HttpHeaderNames.SET_COOKIE,
        cookie.toSetCookie(cookie.assign(node.name(), epoch, user == null ? "" : user),
            client.outerPrefix(), client.isSecure()));
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

  private static @Nullable Node find(ServedRoute route, AffinityCookie cookie, AffinityAssignment assignment) {
    for (Node node : route.pool().nodes()) {
      if (cookie.isAssignedTo(assignment, node.name())) {
        return node;
      }
    }
    return null;
  }
}
