package dev.statecraft.gateway.client;

import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Determines the client of a request. The address of the TCP peer is certain. Its {@code X-Forwarded-*} or {@code
 * Forwarded} (RFC 7239) headers are used only if the peer is a trusted proxy. The chain is then read from its end: the
 * first address that is not a trusted proxy is the client. Anyone can have written what is before it. Immutable.
 */
public final class TrustedProxies {
  private static final Pattern FORWARDED_FOR = Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*\"?([^\";,]+)\"?");
  private static final Pattern FORWARDED_PROTO = Pattern.compile("(?i)(?:^|;)\\s*proto\\s*=\\s*\"?(https?)\"?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\-_~%:\\[\\]]{1,255}");

  private final List<AddressBlock> blocks;

  private TrustedProxies(List<AddressBlock> blocks) {
    this.blocks = blocks;
  }

  /**
   * Parses blocks of addresses.
   *
   * @throws IllegalArgumentException if one is invalid
   */
  public static TrustedProxies parse(List<String> blocks) {
    return new TrustedProxies(blocks.stream().map(AddressBlock::parse).toList());
  }

  /** Returns the client of the request. */
  public ForwardedClient resolve(HttpServerRequest request) {
    String peer = peer(request);
    HttpHeaders headers = request.requestHeaders();
    String host = ForwardedClient.hostOf(headers);
    if (blocks.isEmpty() || !trusts(peer)) {
      return new ForwardedClient(peer, peer, request.scheme(), host);
    }
    List<String> chain = chain(headers);
    int client = chain.size() - 1;
    while (client > 0 && trusts(chain.get(client))) {
      client--;
    }
    List<String> trustedChain = new ArrayList<>(client < 0 ? List.of() : chain.subList(client, chain.size()));
    trustedChain.add(peer);
    String forwardedHost = last(headers.get(ForwardedClient.X_FORWARDED_HOST));
    boolean valid = forwardedHost != null && HOST.matcher(forwardedHost).matches();
    return new ForwardedClient(trustedChain.getFirst(), String.join(", ", trustedChain),
        scheme(headers, request.scheme()), valid ? forwardedHost : host);
  }

  private boolean trusts(String address) {
    for (AddressBlock block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the forwarded addresses, the client's first, from the end up to the first that is not an address. */
  private static List<String> chain(HttpHeaders headers) {
    List<String> forwarded = new ArrayList<>();
    List<String> fields = headers.getAll(ForwardedClient.X_FORWARDED_FOR);
    for (String field : fields) {
      Collections.addAll(forwarded, field.split(",", -1));
    }
    if (fields.isEmpty()) {
      for (String field : headers.getAll(ForwardedClient.FORWARDED)) {
        for (String element : field.split(",", -1)) {
          Matcher matcher = FORWARDED_FOR.matcher(element);
          forwarded.add(matcher.find() ? matcher.group(1) : "unknown");
        }
      }
    }
    List<String> chain = new ArrayList<>();
    for (int i = forwarded.size() - 1; i >= 0; i--) {
      String address = withoutPort(forwarded.get(i).strip());
      if (!AddressBlock.isAddress(address)) {
        break;
      }
      chain.addFirst(address);
    }
    return chain;
  }

  private static String scheme(HttpHeaders headers, String ownScheme) {
    String scheme = last(headers.get(ForwardedClient.X_FORWARDED_PROTO));
    if (scheme == null) {
      String forwarded = last(headers.get(ForwardedClient.FORWARDED));
      Matcher matcher = FORWARDED_PROTO.matcher(forwarded == null ? "" : forwarded);
      scheme = matcher.find() ? matcher.group(1) : ownScheme;
    }
    return scheme.equalsIgnoreCase("https") ? "https" : scheme.equalsIgnoreCase("http") ? "http" : ownScheme;
  }

  /** Returns the last element, which the nearest proxy wrote. */
  private static @Nullable String last(@Nullable String list) {
    return list == null ? null : list.substring(list.lastIndexOf(',') + 1).strip();
  }

  private static String withoutPort(String node) {
    if (node.startsWith("[")) {
      int end = node.indexOf(']');
      return end < 0 ? node : node.substring(1, end);
    }
    int colon = node.indexOf(':');
    return colon > 0 && node.indexOf(':', colon + 1) < 0 ? node.substring(0, colon) : node;
  }

  private static String peer(HttpServerRequest request) {
    InetSocketAddress address = request.remoteAddress();
    InetAddress resolved = address == null ? null : address.getAddress();
    return resolved == null ? "unknown" : resolved.getHostAddress();
  }
}
