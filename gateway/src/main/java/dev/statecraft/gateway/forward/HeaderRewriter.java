package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.affinity.CookieHeader;
import dev.statecraft.gateway.affinity.UserChoiceAffinity;
import dev.statecraft.gateway.balance.Node;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the headers of forwarded messages: removes the hop-by-hop fields (RFC 9110 section 7.6.1) and, towards a
 * service, the fields and the cookie that are for the gateway only.
 */
final class HeaderRewriter {
  private static final List<AsciiString> HOP_BY_HOP = List.of(HttpHeaderNames.CONNECTION,
      AsciiString.cached("keep-alive"), AsciiString.cached("proxy-connection"), HttpHeaderNames.PROXY_AUTHENTICATE,
      HttpHeaderNames.TE, HttpHeaderNames.TRAILER, HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.UPGRADE);

  /** End-to-end fields that are for the gateway only, or that it answers itself. */
  private static final List<AsciiString> FOR_GATEWAY = List.of(HttpHeaderNames.PROXY_AUTHORIZATION,
      HttpHeaderNames.EXPECT, AsciiString.cached("http2-settings"), AsciiString.cached(UserChoiceAffinity.HEADER));

  private HeaderRewriter() {}

  /**
   * Replaces {@code target} by the headers of a request to {@code node}.
   *
   * @param hostKept whether the request's {@code Host} stays
   * @param affinityCookie name of the cookie that is for the gateway only, or null
   */
  static void writeRequest(HttpMethod method, HttpHeaders source, boolean hasBody, Node node, boolean hostKept,
      @Nullable String affinityCookie, HttpHeaders target) {
    target.clear();
    target.set(source);
    removeHopByHop(source, target);
    for (AsciiString name : FOR_GATEWAY) {
      target.remove(name);
    }
    if (!hostKept || !target.contains(HttpHeaderNames.HOST)) {
      target.set(HttpHeaderNames.HOST, node.authority());
    }
    if (!target.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      if (hasBody) {
        target.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      } else if (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH)) {
        target.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
      }
    }
    if (affinityCookie != null) {
      removeCookie(target, affinityCookie);
    }
  }

  /** Adds the hop-by-hop fields of an upgrade to a WebSocket. */
  static void addUpgrade(HttpHeaders target) {
    target.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE)
        .set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET);
  }

  /** Returns the headers of the answer 101 of a node, for the client. */
  static HttpHeaders switching(HttpHeaders source) {
    HttpHeaders headers = source.copy();
    removeHopByHop(source, headers);
    headers.remove(HttpHeaderNames.CONTENT_LENGTH);
    addUpgrade(headers);
    return headers;
  }

  /** Removes the hop-by-hop fields from headers that were copied from {@code source}. */
  static void removeHopByHop(HttpHeaders source, HttpHeaders target) {
    for (String value : source.getAll(HttpHeaderNames.CONNECTION)) {
      removeNominated(value, target);
    }
    for (AsciiString name : HOP_BY_HOP) {
      target.remove(name);
    }
  }

  /** {@code Connection: close, x-secret} makes {@code x-secret} a hop-by-hop field. */
  private static void removeNominated(String connection, HttpHeaders target) {
    if (HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection)
        || HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(connection)) {
      return;
    }
    for (String name : connection.split(",", -1)) {
      String field = name.strip().toLowerCase(Locale.ROOT);
      // A client must not make the gateway drop the fields that frame the body or name the host.
      boolean required = field.equals("content-length") || field.equals("host");
      if (!field.isEmpty() && !required) {
        target.remove(field);
      }
    }
  }

  private static void removeCookie(HttpHeaders target, String cookie) {
    List<String> lines = target.getAll(HttpHeaderNames.COOKIE);
    if (lines.stream().anyMatch(line -> line.contains(cookie))) {
      String others = CookieHeader.without(lines, cookie);
      if (others.isEmpty()) {
        target.remove(HttpHeaderNames.COOKIE);
      } else {
        target.set(HttpHeaderNames.COOKIE, others);
      }
    }
  }
}
