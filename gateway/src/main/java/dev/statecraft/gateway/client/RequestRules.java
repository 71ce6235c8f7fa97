package dev.statecraft.gateway.client;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the head of a request must satisfy beyond what Netty's decoder checks, so that every server behind reads the
 * same request from it (RFC 9112 sections 3.2, 6.1 and 11.2). Immutable.
 */
final class RequestRules {
  /** Why a request is refused. */
  record Refusal(HttpResponseStatus status, String detail) {}

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  static final String ALLOW = String.join(", ", METHODS);
  private static final int LONGEST_FORWARDED = 2048;
  private static final int LONGEST_LENGTH = 18;

  static final Refusal BAD_BODY = bad("The body breaks off, or is not what its head says.");

  private final long maximumBody;
  private final int maximumHeaders;

  RequestRules(long maximumBody, int maximumHeaders) {
    this.maximumBody = maximumBody;
    this.maximumHeaders = maximumHeaders;
  }

  /** Returns why the request is refused, or null when it may pass. */
  @Nullable
  Refusal refusal(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return bad("HTTP/1.1 is spoken here.");
    }
    if (!METHODS.contains(request.method().name())) {
      return new Refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "The method is not known here.");
    }
    String target = RequestPath.violation(request.uri());
    if (target != null) {
      return bad(target);
    }
    if (headers.size() > maximumHeaders) {
      return new Refusal(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "There are too many header fields.");
    }
    Refusal host = host(request);
    return host != null ? host : framing(request);
  }

  private static @Nullable Refusal host(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
      return bad("There must be one Host field.");
    }
    for (String host : hosts) {
      for (int i = 0; i < host.length(); i++) {
        char c = host.charAt(i);
        boolean sound = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || "-._~:[]%".indexOf(c) >= 0;
        if (!sound) {
          return bad("The Host field is no host.");
        }
      }
    }
    for (CharSequence name : ForwardedClient.CHAINS) {
      for (String chain : request.headers().getAll(name)) {
        if (chain.length() > LONGEST_FORWARDED) {
          return bad("The chain of proxies is too long.");
        }
      }
    }
    return null;
  }

  private @Nullable Refusal framing(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (!encodings.isEmpty()) {
      if (!lengths.isEmpty() || encodings.size() > 1 || request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
        return bad("The end of the body is ambiguous.");
      }
      if (!encodings.getFirst().strip().equalsIgnoreCase("chunked")) {
        return bad("Only the chunked transfer coding is known here.");
      }
    }
    if (lengths.size() > 1) {
      return bad("The end of the body is ambiguous.");
    }
    for (String length : lengths) {
      if (length.isEmpty() || length.length() > LONGEST_LENGTH || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return bad("The length of the body is no number.");
      }
      if (Long.parseLong(length) > maximumBody) {
        return tooLarge();
      }
    }
    return null;
  }

  Refusal tooLarge() {
    return new Refusal(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
        "A body has at most " + maximumBody + " bytes here.");
  }

  private static Refusal bad(String detail) {
    return new Refusal(HttpResponseStatus.BAD_REQUEST, detail);
  }
}
