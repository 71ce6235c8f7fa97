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
 * Decides what is believed of a client. The peer's address is a fact. What it says in {@code X-Forwarded-*} or
 * {@code Forwarded} (RFC 7239) is believed only when the peer is a trusted proxy: the chain is then read from its end,
 * and the first address in it that is no trusted proxy is the client. What stands before that, anyone can have written.
 * Immutable.
 */
public final class TrustedProxies {
  private static final Pattern FORWARDED_FOR = Pattern.compile("(?i)(?:^|;)\\s*for\\s*=\\s*\"?([^\";,]+)\"?");
  private static final Pattern FORWARDED_PROTO = Pattern.compile("(?i)(?:^|;)\\s*proto\\s*=\\s*\"?(https?)\"?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.\\-_~%:\\[\\]]{1,255}");

  private final List<Cidr> blocks;

  private TrustedProxies(List<Cidr> blocks) {
    this.blocks = blocks;
  }

  /**
   * Reads blocks of addresses.
   *
   * @throws IllegalArgumentException when one is none
   */
  public static TrustedProxies parse(List<String> blocks) {
    return new TrustedProxies(blocks.stream().map(Cidr::parse).toList());
  }

  /** Returns what is believed of whoever sent the request. */
  public ForwardedClient facts(HttpServerRequest request) {
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
    List<String> believed = new ArrayList<>(client < 0 ? List.of() : chain.subList(client, chain.size()));
    believed.add(peer);
    String claimedHost = last(headers.get(ForwardedClient.X_FORWARDED_HOST));
    boolean sound = claimedHost != null && HOST.matcher(claimedHost).matches();
    return new ForwardedClient(believed.getFirst(), String.join(", ", believed), scheme(headers, request.scheme()),
        sound ? claimedHost : host);
  }

  private boolean trusts(String address) {
    for (Cidr block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the addresses that proxies told, the client's first; what is no address ends it. */
  private static List<String> chain(HttpHeaders headers) {
    List<String> told = new ArrayList<>();
    List<String> fields = headers.getAll(ForwardedClient.X_FORWARDED_FOR);
    for (String field : fields) {
      Collections.addAll(told, field.split(",", -1));
    }
    if (fields.isEmpty()) {
      for (String field : headers.getAll(ForwardedClient.FORWARDED)) {
        for (String element : field.split(",", -1)) {
          Matcher matcher = FORWARDED_FOR.matcher(element);
          told.add(matcher.find() ? matcher.group(1) : "unknown");
        }
      }
    }
    List<String> chain = new ArrayList<>();
    for (int i = told.size() - 1; i >= 0; i--) {
      String address = withoutPort(told.get(i).strip());
      if (!Cidr.isAddress(address)) {
        break;
      }
      chain.addFirst(address);
    }
    return chain;
  }

  private static String scheme(HttpHeaders headers, String own) {
    String told = last(headers.get(ForwardedClient.X_FORWARDED_PROTO));
    if (told == null) {
      String forwarded = last(headers.get(ForwardedClient.FORWARDED));
      Matcher matcher = FORWARDED_PROTO.matcher(forwarded == null ? "" : forwarded);
      told = matcher.find() ? matcher.group(1) : own;
    }
    return told.equalsIgnoreCase("https") ? "https" : told.equalsIgnoreCase("http") ? "http" : own;
  }

  /** Returns the element that the nearest proxy wrote. */
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
