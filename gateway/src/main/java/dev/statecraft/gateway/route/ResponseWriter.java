package dev.statecraft.gateway.route;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Gives a node's answer to the client. A small body of known length is read whole first, so that a node that dies in
 * the middle of it can still be replaced by another; any other body streams, at the pace of the client.
 */
final class ResponseWriter {
  private static final int SMALL = 64 * 1024;

  private final ServerWebExchange exchange;
  private final Attempt attempt;
  private final Duration idleTimeout;
  private final Scheduler timer;

  ResponseWriter(ServerWebExchange exchange, Attempt attempt, Duration idleTimeout, Scheduler timer) {
    this.exchange = exchange;
    this.attempt = attempt;
    this.idleTimeout = idleTimeout;
    this.timer = timer;
  }

  /** Writes head and body; {@code addition} adds to the head that the node sent. */
  Mono<Void> write(Consumer<HttpHeaders> addition) {
    HttpHeaders head = attempt.response().responseHeaders();
    ByteBufFlux body = attempt.connection().inbound().receive();
    int status = attempt.status();
    long length = length(head);
    boolean bodiless = exchange.getRequest().getMethod().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    if (bodiless || length == 0) {
      return body.then().then(Mono.defer(() -> {
        writeHead(head, status, bodiless, addition);
        return exchange.getResponse().setComplete();
      }));
    }
    NettyDataBufferFactory buffers = (NettyDataBufferFactory) exchange.getResponse().bufferFactory();
    if (length > 0 && length <= SMALL) {
      Mono<DataBuffer> whole = body.aggregate().retain().map(bytes -> {
        writeHead(head, status, false, addition);
        return buffers.wrap(bytes);
      });
      return exchange.getResponse().writeWith(whole);
    }
    attempt.streams();
    writeHead(head, status, false, addition);
    Flux<DataBuffer> parts = body.retain().timeout(idleTimeout, timer).map((ByteBuf bytes) -> buffers.wrap(bytes));
    return isEventStream(head)
        ? exchange.getResponse().writeAndFlushWith(parts.map(Mono::just))
        : exchange.getResponse().writeWith(parts);
  }

  private void writeHead(HttpHeaders head, int status, boolean bodiless, Consumer<HttpHeaders> addition) {
    ServerHttpResponse response = exchange.getResponse();
    response.setRawStatusCode(status);
    HttpServerResponse outgoing = ServerHttpResponseDecorator.getNativeResponse(response);
    HttpHeaders headers = outgoing.responseHeaders();
    headers.set(head);
    RequestHead.removeHopByHop(head, headers);
    if (!bodiless && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    addition.accept(headers);
  }

  private static boolean isEventStream(HttpHeaders head) {
    @Nullable
    String type = head.get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && (type.startsWith("text/event-stream") || type.startsWith("application/x-ndjson"));
  }

  private static long length(HttpHeaders head) {
    @Nullable
    String length = head.get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length);
  }
}
