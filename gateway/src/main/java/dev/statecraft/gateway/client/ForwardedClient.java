package dev.statecraft.gateway.client;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client of a request, with what it used to reach the gateway: from the connection, or from a trusted proxy
 * ({@link TrustedProxies}).
 *
 * @param address of the client, without a port
 * @param network identifies the client ({@link ClientNetwork})
 * @param chain the client and the trusted proxies after it, as sent in {@code X-Forwarded-For}
 * @param forwardedPort null if no trusted proxy told a port
 * @param outerPrefix path that trusted proxies removed; empty if there is none
 * @param fromTrustedPeer whether the peer is a trusted proxy
 */
public record ForwardedClient(String address, String network, String chain, String scheme, @Nullable String host,
    @Nullable String forwardedPort, String outerPrefix, boolean fromTrustedPeer) {
  static final AsciiString FORWARDED = AsciiString.cached("forwarded");
  static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
  static final AsciiString X_FORWARDED_PROTO = AsciiString.cached("x-forwarded-proto");
  static final AsciiString X_FORWARDED_HOST = AsciiString.cached("x-forwarded-host");
  static final AsciiString X_FORWARDED_PORT = AsciiString.cached("x-forwarded-port");
  static final AsciiString X_FORWARDED_PREFIX = AsciiString.cached("x-forwarded-prefix");
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

  /** Tells whether a header field of this name tells the address of the client. */
  public static boolean tellsAddress(CharSequence name) {
    return FORWARDED.contentEqualsIgnoreCase(name) || X_FORWARDED_FOR.contentEqualsIgnoreCase(name);
  }

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
    headers.set(X_FORWARDED_PREFIX, outerPrefix + prefix);
    String node = address.indexOf(':') < 0 ? address : "\"[" + address + "]\"";
    if (host == null) {
      headers.set(FORWARDED, "for=" + node + ";proto=" + scheme);
    } else {
      headers.set(X_FORWARDED_HOST, host);
      headers.set(X_FORWARDED_PORT, forwardedPort == null ? port(host) : forwardedPort);
      headers.set(FORWARDED, "for=" + node + ";proto=" + scheme + ";host=\"" + host + '"');
    }
  }

  private String port(String authority) {
    int colon = authority.lastIndexOf(':');
    boolean explicit = colon > 0 && authority.indexOf(']', colon) < 0;
    return explicit
        ? authority.substring(colon + 1)
        : Integer.toString(isSecure() ? DEFAULT_SECURE_PORT : DEFAULT_PORT);
  }
}
