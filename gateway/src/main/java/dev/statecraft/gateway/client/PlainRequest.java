package dev.statecraft.gateway.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * Tells which requests are so plain that Spring and Reactor Netty would do nothing with them but pass them on. The head
 * has been validated before.
 */
public final class PlainRequest {
  /** A longer body is streamed. */
  private static final int MAX_BODY_BYTES = 64 * 1024 - 1;
  private static final int MAX_LENGTH_DIGITS = 5;
  private static final int ASCII = 128;
  private static final int HEX_RADIX = 16;
  /** Characters that mean themselves in every parser of URIs. */
  private static final boolean[] PLAIN_TARGET = characters("/?-._~=&+,;:@!$'()*%");
  private static final boolean[] PLAIN_HOST = characters("-.");

  private PlainRequest() {}

  private static boolean[] characters(String others) {
    boolean[] allowed = new boolean[ASCII];
    for (char c = 'a'; c <= 'z'; c++) {
      allowed[c] = true;
      allowed[Character.toUpperCase(c)] = true;
    }
    for (char c = '0'; c <= '9'; c++) {
      allowed[c] = true;
    }
    others.chars().forEach(c -> allowed[c] = true);
    return allowed;
  }

  /** Tells whether a request is plain. */
  public static boolean isPlain(HttpRequest request) {
    HttpMethod method = request.method();
    // Reactor Netty closes the connection after an answer to HEAD without a length, and gives OPTIONS a length.
    if (method.equals(HttpMethod.HEAD) || method.equals(HttpMethod.OPTIONS)) {
      return false;
    }
    if (request.decoderResult().isFailure() || !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        || !isPlainTarget(request.uri())) {
      return false;
    }
    HttpHeaders headers = request.headers();
    String connection = headers.get(HttpHeaderNames.CONNECTION);
    if (connection != null && !HttpHeaderValues.KEEP_ALIVE.contentEqualsIgnoreCase(connection)) {
      return false;
    }
    if (headers.contains(HttpHeaderNames.UPGRADE) || headers.contains(HttpHeaderNames.EXPECT)
        || headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return false;
    }
    return bodyBytes(headers) >= 0 && isPlainHost(headers.get(HttpHeaderNames.HOST));
  }

  /** Returns the length of the body; -1 if it is too long to be buffered. */
  public static int bodyBytes(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (length == null) {
      return 0;
    }
    int bytes = length.length() > MAX_LENGTH_DIGITS ? Integer.MAX_VALUE : Integer.parseInt(length);
    return bytes <= MAX_BODY_BYTES ? bytes : -1;
  }

  private static boolean isPlainTarget(String target) {
    if (target.isEmpty() || target.charAt(0) != '/') {
      return false;
    }
    for (int at = target.indexOf('%'); at >= 0; at = target.indexOf('%', at + 1)) {
      if (at + 2 >= target.length() || Character.digit(target.charAt(at + 1), HEX_RADIX) < 0
          || Character.digit(target.charAt(at + 2), HEX_RADIX) < 0) {
        return false;
      }
    }
    return consists(target, target.length(), PLAIN_TARGET);
  }

  private static boolean isPlainHost(@Nullable String host) {
    if (host == null) {
      return false;
    }
    int colon = host.indexOf(':');
    int end = colon < 0 ? host.length() : colon;
    if (end == 0 || !consists(host, end, PLAIN_HOST)) {
      return false;
    }
    boolean port = colon >= 0;
    int digits = host.length() - colon - 1;
    if (port && (digits == 0 || digits > MAX_LENGTH_DIGITS)) {
      return false;
    }
    for (int i = colon + 1; port && i < host.length(); i++) {
      if (host.charAt(i) < '0' || host.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean consists(String text, int end, boolean[] allowed) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (c >= ASCII || !allowed[c]) {
        return false;
      }
    }
    return true;
  }
}
