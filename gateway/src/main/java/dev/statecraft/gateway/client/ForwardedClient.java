package dev.statecraft.gateway.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client of a request, with the scheme and host that it used: from the connection, or from a trusted proxy
 * ({@link TrustedProxies}).
 *
 * @param address of the client, without a port
 * @param chain the client and the trusted proxies after it, as sent in {@code X-Forwarded-For}
 */
public record ForwardedClient(String address, String chain, String scheme, @Nullable String host) {
  static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
  static final AsciiString X_FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
  private static final AsciiString X_FORWARDED_PORT = AsciiString.cached("x-forwarded-port");
  private static final AsciiString X_FORWARDED_PREFIX = AsciiString.cached("x-forwarded-prefix");
  private static final int DEFAULT_PORT = 80;
  private static final int DEFAULT_SECURE_PORT = 443;

  /** Headers that grow with each proxy. */
  static final List<AsciiString> CHAINS = List.of(FORWARDED, X_FORWARDED_FOR);

  /** Headers by which a client could claim to be another. */
  private static final List<AsciiString> CLAIMS = List.of(FORWARDED, X_FORWARDED_FOR, X_FORWARDED_PROTO,
      X_FORWARDED_HOST, X_FORWARDED_PORT, X_FORWARDED_PREFIX, AsciiString.cached("x-forwarded-ssl"),
      AsciiString.cached("x-forwarded-server"), AsciiString.cached("x-forwarded-by"), AsciiString.cached("x-real-ip"),
      AsciiString.cached("x-client-ip"), AsciiString.cached("true-client-ip"), AsciiString.cached("x-original-url"),
      AsciiString.cached("x-rewrite-url"));

  /** Tells whether the client's connection, to the gateway or to the first trusted proxy, was encrypted. */
  public boolean isSecure() {
    return scheme.equals("https");
  }

  /** Replaces the client's own claims in {@code headers} by these values. */
  public void writeTo(HttpHeaders headers, String prefix) {
    for (AsciiString claim : CLAIMS) {
      headers.remove(claim);
    }
    headers.set(X_FORWARDED_FOR, chain);
    headers.set(X_FORWARDED_PROTO, scheme);
    headers.set(X_FORWARDED_PREFIX, prefix);
    String node = address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    if (host == null) {
      headers.set(FORWARDED, "for=" + node + ";proto=" + scheme);
    } else {
      headers.set(X_FORWARDED_HOST, host);
      headers.set(X_FORWARDED_PORT, port(host));
      headers.set(FORWARDED, "for=" + node + ";proto=" + scheme + ";host=\"" + host + '"');
    }
  }

  static @Nullable String hostOf(HttpHeaders headers) {
    return headers.get(HttpHeaderNames.HOST);
  }

  private String port(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean explicit = colon > 0 && authority.indexOf(']', colon) < 0;
    return explicit
        ? authority.substring(colon + 1)
        : Integer.toString(isSecure() ? DEFAULT_SECURE_PORT : DEFAULT_PORT);
  }
}
