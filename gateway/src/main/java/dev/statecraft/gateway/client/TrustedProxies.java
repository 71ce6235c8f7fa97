package dev.statecraft.gateway.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Determines the client of a request. The address of the TCP peer is certain. Its {@code X-Forwarded-*} or {@code
 * Forwarded} (RFC 7239) headers are used only if the peer is a trusted proxy. The chain is then read from its end: the
 * first address that is not a trusted proxy is the client. Anyone can have written what is before it.
 *
 * <p>Scheme, host, port and prefix are those that the outermost trusted proxy saw, also if each proxy of a chain adds a
 * value of its own: a list with one value for each trusted proxy begins with the outermost one's. Immutable.
 */
public final class TrustedProxies {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\-_~%:\\[\\]]{1,255}");
  private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~@-]+)+");
  private static final int MAX_PREFIX_CHARS = 256;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_PORT_DIGITS = 5;

  private final List<AddressBlock> blocks;
  private final int ipv6Prefix;

  private TrustedProxies(List<AddressBlock> blocks, int ipv6Prefix) {
    this.blocks = blocks;
    this.ipv6Prefix = ipv6Prefix;
  }

  /**
   * Parses blocks of addresses.
   *
   * @param ipv6Prefix number of leading bits of an IPv6 address that identify a client
   * @throws IllegalArgumentException if one is invalid
   */
  public static TrustedProxies parse(List<String> blocks, int ipv6Prefix) {
    return new TrustedProxies(blocks.stream().map(AddressBlock::parse).toList(), ipv6Prefix);
  }

  /** Returns the client of the request. */
  public ForwardedClient resolve(HttpServerRequest request) {
    return resolve(address(request.remoteAddress()), request.scheme(), request.requestHeaders());
  }

  /** Returns what identifies the client with an address, or null for a trusted proxy, which serves many clients. */
  @Nullable
  String clientOf(@Nullable SocketAddress peer) {
    if (!(peer instanceof InetSocketAddress internet) || internet.getAddress() == null) {
      return null;
    }
    String address = internet.getAddress().getHostAddress();
    return trusts(address) ? null : ClientNetwork.of(address, ipv6Prefix);
  }

  /**
   * Returns the client of a request.
   *
   * @param peer address of the TCP peer
   * @param scheme of the connection to the peer
   */
  public ForwardedClient resolve(String peer, String scheme, HttpHeaders headers) {
    String host = headers.get(HttpHeaderNames.HOST);
    if (blocks.isEmpty() || !trusts(peer)) {
      return new ForwardedClient(peer, ClientNetwork.of(peer, ipv6Prefix), peer, scheme, host, null, "", false);
    }
    List<ForwardedElement> elements = headers.contains(ForwardedClient.X_FORWARDED_FOR)
        ? List.of()
        : ForwardedElement.parse(headers.getAll(ForwardedClient.FORWARDED));
    List<String> chain = chain(elements, headers);
    int client = chain.size() - 1;
    while (client > 0 && trusts(chain.get(client))) {
      client--;
    }
    List<String> trustedChain = new ArrayList<>(client < 0 ? List.of() : chain.subList(client, chain.size()));
    // Each proxy after the client wrote one value, the peer the last one.
    int proxies = Math.max(1, trustedChain.size());
    trustedChain.add(peer);
    ForwardedElement element = elements.isEmpty()
        ? new ForwardedElement(null, null, null)
        : elements.get(Math.max(0, elements.size() - proxies));
    String address = trustedChain.getFirst();
    String forwardedHost = valid(HOST, outermost(headers, ForwardedClient.X_FORWARDED_HOST, proxies), element.host());
    return new ForwardedClient(address, ClientNetwork.of(address, ipv6Prefix), String.join(", ", trustedChain),
        scheme(outermost(headers, ForwardedClient.X_FORWARDED_PROTO, proxies), element.proto(), scheme),
        forwardedHost == null ? host : forwardedHost,
        port(outermost(headers, ForwardedClient.X_FORWARDED_PORT, proxies)), prefix(headers, proxies), true);
  }

  /** Tells whether the address is that of a trusted proxy. */
  public boolean trusts(String address) {
    for (AddressBlock block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the forwarded addresses, the client's first, from the end up to the first that is not an address. */
  private static List<String> chain(List<ForwardedElement> elements, HttpHeaders headers) {
    List<String> forwarded = elements.isEmpty()
        ? values(headers, ForwardedClient.X_FORWARDED_FOR)
        : elements.stream().map(element -> String.valueOf(element.node())).toList();
    List<String> chain = new ArrayList<>();
    for (int i = forwarded.size() - 1; i >= 0; i--) {
      String address = withoutPort(forwarded.get(i));
      if (!AddressBlock.isAddress(address)) {
        break;
      }
      chain.addFirst(address);
    }
    return chain;
  }

  /** Returns the values of a list in all lines of a header, in order. */
  private static List<String> values(HttpHeaders headers, AsciiString name) {
    List<String> values = new ArrayList<>();
    for (String line : headers.getAll(name)) {
      for (String value : line.split(",", -1)) {
        values.add(value.strip());
      }
    }
    return values;
  }

  private static @Nullable String outermost(HttpHeaders headers, AsciiString name, int proxies) {
    if (!headers.contains(name)) {
      return null;
    }
    List<String> values = values(headers, name);
    return values.get(Math.max(0, values.size() - proxies));
  }

  private static @Nullable String valid(Pattern form, @Nullable String first, @Nullable String second) {
    String value = first == null ? second : first;
    return value != null && form.matcher(value).matches() ? value : null;
  }

  private static String scheme(@Nullable String first, @Nullable String second, String ownScheme) {
    String scheme = first == null ? second : first;
    String lower = scheme == null ? "" : scheme.toLowerCase(Locale.ROOT);
    return lower.equals("https") || lower.equals("http") ? lower : ownScheme;
  }

  private static @Nullable String port(@Nullable String port) {
    boolean digits = port != null && !port.isEmpty() && port.length() <= MAX_PORT_DIGITS
        && port.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && Integer.parseInt(port) > 0 && Integer.parseInt(port) <= MAX_PORT ? port : null;
  }

  /** Returns the prefixes that the trusted proxies removed, the outermost first, as one path. */
  private static String prefix(HttpHeaders headers, int proxies) {
    if (!headers.contains(ForwardedClient.X_FORWARDED_PREFIX)) {
      return "";
    }
    List<String> values = values(headers, ForwardedClient.X_FORWARDED_PREFIX);
    StringBuilder path = new StringBuilder();
    for (String value : values.subList(Math.max(0, values.size() - proxies), values.size())) {
      String prefix = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
      if (!prefix.isEmpty() && (!PREFIX.matcher(prefix).matches() || prefix.contains("/."))) {
        return "";
      }
      path.append(prefix);
    }
    return path.length() > MAX_PREFIX_CHARS ? "" : path.toString();
  }

  private static String withoutPort(String node) {
    if (node.startsWith("[")) {
      int end = node.indexOf(']');
      return end < 0 ? node : node.substring(1, end);
    }
    int colon = node.indexOf(':');
    return colon > 0 && node.indexOf(':', colon + 1) < 0 ? node.substring(0, colon) : node;
  }

  /** Returns the address of a TCP peer without its port. */
  public static String address(@Nullable SocketAddress peer) {
    return peer instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress()
        : "unknown";
  }
}
