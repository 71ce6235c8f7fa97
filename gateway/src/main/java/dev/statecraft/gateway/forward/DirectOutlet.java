package dev.statecraft.gateway.forward;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Writes an answer to the client at once. Headers that the gateway has set before, as for CORS, stay. */
final class DirectOutlet implements Outlet {
  private final ServerHttpResponse response;
  private final HttpServerResponse outgoing;
  private final @Nullable HttpHeaders before;

  DirectOutlet(ServerHttpResponse response) {
    this.response = response;
    this.outgoing = ServerHttpResponseDecorator.getNativeResponse(response);
    HttpHeaders headers = outgoing.responseHeaders();
    // Reactor Netty presets this field, and only this field.
    headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
    this.before = headers.isEmpty() ? null : headers.copy();
  }

  @Override
  public boolean isOpen() {
    return !response.isCommitted();
  }

  @Override
  public Mono<Void> write(Head head, Publisher<DataBuffer> body) {
    response.setRawStatusCode(head.status());
    HttpHeaders headers = headers(head);
    if (!head.bodiless() && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      if (outgoing.version().equals(HttpVersion.HTTP_1_0)) {
        // The end of the connection is the end of the body (RFC 9112 section 6.3).
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      } else {
        headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
      }
    }
    return head.bodiless() ? response.setComplete() : response.writeWith(body);
  }

  @Override
  public Mono<Void> switchProtocols(Head head, Function<HttpHeaders, Mono<Void>> tunnel) {
    return tunnel.apply(headers(head).copy());
  }

  private HttpHeaders headers(Head head) {
    HttpHeaders headers = outgoing.responseHeaders();
    return before == null ? headers.set(head.headers()) : headers.set(before).add(head.headers());
  }
}
