package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.CookieHeader;
import dev.statecraft.gateway.balance.Node;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * The head of a request as a service sees it: hop-by-hop fields gone (RFC 9110 section 7.6.1), client facts rebuilt by this
 * gateway and never taken from the client, and the gateway's own cookie removed.
 */
final class RequestHead {
  private static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  private static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  private static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
  private static final AsciiString X_FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
  private static final AsciiString X_FORWARDED_PORT = AsciiString.cached("x-forwarded-port");
  private static final AsciiString X_FORWARDED_PREFIX = AsciiString.cached("x-forwarded-prefix");
  private static final int DEFAULT_PORT = 80;
  private static final int DEFAULT_SECURE_PORT = 443;

  /** Fields of one connection, and fields by which a client could pass for another. */
  private static final List<AsciiString> NOT_FORWARDED = List.of(HttpHeaderNames.CONNECTION,
      AsciiString.cached("keep-alive"), AsciiString.cached("proxy-connection"), HttpHeaderNames.PROXY_AUTHENTICATE,
      HttpHeaderNames.PROXY_AUTHORIZATION, HttpHeaderNames.TE, HttpHeaderNames.TRAILER,
      HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.UPGRADE, HttpHeaderNames.EXPECT, HttpHeaderNames.HOST,
      AsciiString.cached("http2-settings"), FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO, X_FORWARDED_HOST,
      X_FORWARDED_PORT, X_FORWARDED_PREFIX, AsciiString.cached("x-forwarded-ssl"), AsciiString.cached("x-real-ip"));

  private static final List<AsciiString> HOP_BY_HOP = List.of(HttpHeaderNames.CONNECTION,
      AsciiString.cached("keep-alive"), AsciiString.cached("proxy-connection"), HttpHeaderNames.PROXY_AUTHENTICATE,
      HttpHeaderNames.TE, HttpHeaderNames.TRAILER, HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.UPGRADE);

  private RequestHead() {}

  /** Writes the head for {@code node} into {@code target}, replacing what is there. */
  static void write(HttpServerRequest request, ServedRoute route, Node node, boolean hasBody, HttpHeaders target) {
    HttpHeaders source = request.requestHeaders();
    target.clear();
    target.set(source);
    removeNominated(source, target);
    for (AsciiString name : NOT_FORWARDED) {
      target.remove(name);
    }
    if (!hasBody && !target.contains(HttpHeaderNames.CONTENT_LENGTH) && mayCarryBody(request)) {
      target.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
    } else if (hasBody && !target.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      target.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    target.set(HttpHeaderNames.HOST, node.getHost() + ':' + node.getPort());
    writeClientFacts(request, route, target);
    if (route.cookie() != null) {
      hideOwnCookie(target);
    }
  }

  /** Removes the fields of the connection to the node from a response's head. */
  static void removeHopByHop(HttpHeaders source, HttpHeaders target) {
    removeNominated(source, target);
    for (AsciiString name : HOP_BY_HOP) {
      target.remove(name);
    }
  }

  /** Returns the address of the peer, without a port. */
  static String clientAddress(HttpServerRequest request) {
    InetSocketAddress address = request.remoteAddress();
    return address == null || address.getAddress() == null ? "unknown" : address.getAddress().getHostAddress();
  }

  private static void writeClientFacts(HttpServerRequest request, ServedRoute route, HttpHeaders target) {
    String scheme = request.scheme();
    String host = request.requestHeaders().get(HttpHeaderNames.HOST);
    target.set(X_FORWARDED_FOR, clientAddress(request));
    target.set(X_FORWARDED_PROTO, scheme);
    target.set(X_FORWARDED_PREFIX, route.settings().prefix());
    if (host != null) {
      target.set(X_FORWARDED_HOST, host);
      target.set(X_FORWARDED_PORT, port(host, scheme));
    }
  }

  private static String port(String host, String scheme) {
    int colon = host.lastIndexOf(':');
    boolean explicit = colon > 0 && host.indexOf(']', colon) < 0;
    return explicit
        ? host.substring(colon + 1)
        : Integer.toString(scheme.equals("https") ? DEFAULT_SECURE_PORT : DEFAULT_PORT);
  }

  private static boolean mayCarryBody(HttpServerRequest request) {
    return switch (request.method().name()) {
      case "POST", "PUT", "PATCH" -> true;
      default -> false;
    };
  }

  /** {@code Connection: close, x-secret} says that {@code x-secret} goes no further than this hop. */
  private static void removeNominated(HttpHeaders source, HttpHeaders target) {
    for (String value : source.getAll(HttpHeaderNames.CONNECTION)) {
      for (String name : value.split(",", -1)) {
        String field = name.strip().toLowerCase(Locale.ROOT);
        if (!field.isEmpty() && !field.equals("close") && !field.equals("keep-alive")) {
          target.remove(field);
        }
      }
    }
  }

  private static void hideOwnCookie(HttpHeaders target) {
    @Nullable
    String cookies = target.get(HttpHeaderNames.COOKIE);
    if (cookies != null && cookies.contains(AffinityCookie.NAME)) {
      String others = CookieHeader.without(cookies, AffinityCookie.NAME);
      if (others.isEmpty()) {
        target.remove(HttpHeaderNames.COOKIE);
      } else {
        target.set(HttpHeaderNames.COOKIE, others);
      }
    }
  }
}
