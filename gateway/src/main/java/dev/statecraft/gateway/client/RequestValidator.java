package dev.statecraft.gateway.client;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks the head of a request beyond Netty's decoder, so that every server behind the gateway parses the same request
 * from it (RFC 9112 sections 3.2, 6.1 and 11.2). Immutable.
 */
final class RequestValidator {
  /** The answer to an invalid request. */
  record Rejection(HttpResponseStatus status, String detail) {
    /** Returns a problem document (RFC 9457), after which the connection is closed. */
    FullHttpResponse toResponse() {
      byte[] body = ("{\"type\":\"about:blank\",\"title\":\"" + status.reasonPhrase() + "\",\"status\":"
          + status.code() + ",\"detail\":\"" + detail + "\"}").getBytes(StandardCharsets.UTF_8);
      FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status,
          Unpooled.wrappedBuffer(body));
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/problem+json")
          .set(HttpHeaderNames.CONTENT_LENGTH, body.length).set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      if (status.equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
        response.headers().set(HttpHeaderNames.ALLOW, ALLOW);
      }
      return response;
    }
  }

  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  static final String ALLOW = String.join(", ", METHODS);
  private static final String AMBIGUOUS_BODY = "The end of the body is ambiguous.";
  private static final int MAX_FORWARDED_CHARS = 2048;
  private static final int MAX_LENGTH_DIGITS = 18;

  static final Rejection INVALID_BODY = badRequest("The body is incomplete or does not match its framing.");

  static final Rejection TOO_SLOW = new Rejection(HttpResponseStatus.REQUEST_TIMEOUT,
      "The request was sent too slowly.");

  private final long maximumBody;
  private final int maximumHeaders;

  RequestValidator(long maximumBody, int maximumHeaders) {
    this.maximumBody = maximumBody;
    this.maximumHeaders = maximumHeaders;
  }

  /** Returns the answer to an invalid request, or null if the request is valid. */
  @Nullable
  Rejection validate(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (!request.protocolVersion().equals(HttpVersion.HTTP_1_1)
        && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
      return badRequest("The protocol must be HTTP/1.1 or HTTP/1.0.");
    }
    if (!METHODS.contains(request.method().name())) {
      return new Rejection(HttpResponseStatus.METHOD_NOT_ALLOWED, "The method is not supported.");
    }
    String target = RequestPath.problem(request.uri());
    if (target != null) {
      return badRequest(target);
    }
    if (headers.size() > maximumHeaders) {
      return new Rejection(HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
          "There are more than " + maximumHeaders + " header fields.");
    }
    Rejection host = host(request);
    return host != null ? host : framing(request);
  }

  private static @Nullable Rejection host(HttpRequest request) {
    List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
    if (hosts.size() > 1 || (hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_1))) {
      return badRequest("There must be exactly one Host field.");
    }
    for (String host : hosts) {
      for (int i = 0; i < host.length(); i++) {
        char c = host.charAt(i);
        boolean valid = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
            || "-._~:[]%".indexOf(c) >= 0;
        if (!valid) {
          return badRequest("The Host field is not a valid host.");
        }
      }
    }
    for (CharSequence name : ForwardedClient.CHAINS) {
      for (String chain : request.headers().getAll(name)) {
        if (chain.length() > MAX_FORWARDED_CHARS) {
          return badRequest("The list of proxies is longer than " + MAX_FORWARDED_CHARS + " characters.");
        }
      }
    }
    return null;
  }

  private @Nullable Rejection framing(HttpRequest request) {
    HttpHeaders headers = request.headers();
    List<String> encodings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    if (!encodings.isEmpty()) {
      if (!lengths.isEmpty() || encodings.size() > 1 || request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
        return badRequest(AMBIGUOUS_BODY);
      }
      if (!encodings.getFirst().strip().equalsIgnoreCase("chunked")) {
        return badRequest("The transfer coding must be chunked.");
      }
    }
    if (lengths.size() > 1) {
      return badRequest(AMBIGUOUS_BODY);
    }
    for (String length : lengths) {
      if (length.isEmpty() || length.length() > MAX_LENGTH_DIGITS
          || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return badRequest("Content-Length must be a whole number.");
      }
      if (Long.parseLong(length) > maximumBody) {
        return tooLarge();
      }
    }
    return null;
  }

  Rejection tooLarge() {
    return new Rejection(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
        "The body is larger than " + maximumBody + " bytes.");
  }

  private static Rejection badRequest(String detail) {
    return new Rejection(HttpResponseStatus.BAD_REQUEST, detail);
  }
}
