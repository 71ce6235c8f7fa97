package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.client.RequestPath;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.NettyDataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.netty.http.server.HttpServerRequest;

/**
 * A request to be forwarded: as the client sent it, or as the filters of a route changed it.
 *
 * @param received the request as the client sent it, and its connection
 * @param target path and query for the service
 * @param prefix path that the gateway removed; empty for none
 * @param hasBody whether the client sent a body, or a filter declares one
 * @param body its parts
 * @param bodyOwned whether the reader of a part must release it
 * @param hostKept whether the service receives the request's {@code Host} instead of its node's address
 */
record ClientRequest(HttpServerRequest received, HttpMethod method, String target, String prefix, HttpHeaders headers,
    boolean hasBody, Flux<ByteBuf> body, boolean bodyOwned, boolean hostKept) {
  /** Returns the request as the client sent it. */
  static ClientRequest received(HttpServerRequest request, String prefix) {
    HttpHeaders headers = request.requestHeaders();
    return new ClientRequest(request, request.method(), RequestPath.strip(request.uri(), prefix), prefix, headers,
        declaresBody(headers), request.receive(), false, false);
  }

  /**
   * Returns the request as the filters before changed it.
   *
   * @param prefix of the route, which is removed if the path begins with it; empty for a route whose filters change the
   * path
   */
  static ClientRequest filtered(ServerWebExchange exchange, String prefix) {
    ServerHttpRequest request = exchange.getRequest();
    HttpServerRequest received = ServerHttpRequestDecorator.getNativeRequest(request);
    URI uri = request.getURI();
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
    boolean below = !prefix.isEmpty() && RequestPath.isBelow(target, prefix);
    HttpHeaders headers = new DefaultHttpHeaders();
    request.getHeaders().forEach(headers::add);
    return new ClientRequest(received, HttpMethod.valueOf(request.getMethod().name()),
        below ? RequestPath.strip(target, prefix) : target, prefix.isEmpty() ? removedPrefix(received, path) : prefix,
        headers, declaresBody(received.requestHeaders()) || declaresBody(headers),
        request.getBody().map(ClientRequest::bytes), true,
        exchange.getAttributeOrDefault(ServerWebExchangeUtils.PRESERVE_HOST_HEADER_ATTRIBUTE, false));
  }

  /** Tells whether the client asks to upgrade the connection to a WebSocket (RFC 6455 section 4.1). */
  boolean asksForWebSocket() {
    return method.equals(HttpMethod.GET) && !hasBody && received.version().equals(HttpVersion.HTTP_1_1)
        && headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
        && headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true);
  }

  /** Returns the declared length of the body, or -1. */
  long declaredBytes() {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length);
  }

  private static boolean declaresBody(HttpHeaders headers) {
    String length = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? headers.contains(HttpHeaderNames.TRANSFER_ENCODING) : Long.parseLong(length) > 0;
  }

  /** Returns what the filters removed from the start of the path; empty if they changed it otherwise. */
  private static String removedPrefix(HttpServerRequest received, String path) {
    String before = RequestPath.withoutQuery(RequestPath.originForm(received.uri()));
    if (path.equals("/")) {
      return before.endsWith("/") ? before.substring(0, before.length() - 1) : before;
    }
    return before.endsWith(path) ? before.substring(0, before.length() - path.length()) : "";
  }

  private static ByteBuf bytes(DataBuffer buffer) {
    if (buffer instanceof NettyDataBuffer netty) {
      return netty.getNativeBuffer();
    }
    byte[] bytes = new byte[buffer.readableByteCount()];
    buffer.read(bytes);
    DataBufferUtils.release(buffer);
    return Unpooled.wrappedBuffer(bytes);
  }
}
