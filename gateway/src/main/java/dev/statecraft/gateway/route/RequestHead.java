package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.AffinityCookie;
import dev.statecraft.gateway.affinity.CookieHeader;
import dev.statecraft.gateway.affinity.UserChoice;
import dev.statecraft.gateway.balance.Node;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The heads of messages as they leave this gateway: without the fields of the connection on which they came (RFC 9110
 * section 7.6.1), and towards a service without the gateway's own cookie.
 */
final class RequestHead {
  private static final List<AsciiString> HOP_BY_HOP = List.of(HttpHeaderNames.CONNECTION,
      AsciiString.cached("keep-alive"), AsciiString.cached("proxy-connection"), HttpHeaderNames.PROXY_AUTHENTICATE,
      HttpHeaderNames.TE, HttpHeaderNames.TRAILER, HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderNames.UPGRADE);

  /** Fields that end here besides: for this gateway, or answered by it. */
  private static final List<AsciiString> FOR_US = List.of(HttpHeaderNames.PROXY_AUTHORIZATION, HttpHeaderNames.EXPECT,
      AsciiString.cached("http2-settings"), AsciiString.cached(UserChoice.HEADER));

  private RequestHead() {}

  /** Writes the head for {@code node} into {@code target}, replacing what is there. */
  static void write(HttpHeaders source, boolean hasBody, boolean mayHaveBody, Node node, boolean hidePin,
      HttpHeaders target) {
    target.clear();
    target.set(source);
    removeHopByHop(source, target);
    for (AsciiString name : FOR_US) {
      target.remove(name);
    }
    target.set(HttpHeaderNames.HOST, node.authority());
    if (!target.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      if (hasBody) {
        target.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      } else if (mayHaveBody) {
        target.set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO);
      }
    }
    if (hidePin) {
      hidePin(target);
    }
  }

  /** Removes the fields of one connection from a head that was copied from {@code source}. */
  static void removeHopByHop(HttpHeaders source, HttpHeaders target) {
    for (String value : source.getAll(HttpHeaderNames.CONNECTION)) {
      removeNominated(value, target);
    }
    for (AsciiString name : HOP_BY_HOP) {
      target.remove(name);
    }
  }

  /** {@code Connection: close, x-secret} says that {@code x-secret} goes no further than this hop. */
  private static void removeNominated(String connection, HttpHeaders target) {
    if (HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection)
        || HttpHeaderValues.CLOSE.contentEqualsIgnoreCase(connection)) {
      return;
    }
    for (String name : connection.split(",", -1)) {
      String field = name.strip().toLowerCase(Locale.ROOT);
      // Nobody may have the gateway drop what frames the body or names the host.
      boolean needed = field.equals("content-length") || field.equals("host");
      if (!field.isEmpty() && !needed) {
        target.remove(field);
      }
    }
  }

  private static void hidePin(HttpHeaders target) {
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
