package dev.statecraft.gateway.forward;

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
 * Sends a node's response to the client. A short body of known length is read whole first, so that another node can
 * still answer if this one fails. Any other body streams at the pace of the client.
 */
final class ResponseWriter {
  private static final int MAX_BUFFERED_BYTES = 64 * 1024;

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

  /** Writes headers and body. {@code addition} adds headers to those of the node. */
  Mono<Void> write(Consumer<HttpHeaders> addition) {
    HttpHeaders nodeHeaders = attempt.response().responseHeaders();
    ByteBufFlux body = attempt.connection().inbound().receive();
    int status = attempt.status();
    long length = length(nodeHeaders);
    boolean noBody = exchange.getRequest().getMethod().equals(HttpMethod.HEAD) || status == 204 || status == 304;
    if (noBody || length == 0) {
      return body.then().then(Mono.defer(() -> {
        writeHeaders(nodeHeaders, status, noBody, addition);
        return exchange.getResponse().setComplete();
      }));
    }
    NettyDataBufferFactory buffers = (NettyDataBufferFactory) exchange.getResponse().bufferFactory();
    if (length > 0 && length <= MAX_BUFFERED_BYTES) {
      Mono<DataBuffer> whole = body.aggregate().retain().map(bytes -> {
        writeHeaders(nodeHeaders, status, false, addition);
        return buffers.wrap(bytes);
      });
      return exchange.getResponse().writeWith(whole);
    }
    attempt.startStreaming();
    writeHeaders(nodeHeaders, status, false, addition);
    Flux<DataBuffer> parts = body.retain().timeout(idleTimeout, timer).map((ByteBuf bytes) -> buffers.wrap(bytes));
    return isEventStream(nodeHeaders)
        ? exchange.getResponse().writeAndFlushWith(parts.map(Mono::just))
        : exchange.getResponse().writeWith(parts);
  }

  private void writeHeaders(HttpHeaders nodeHeaders, int status, boolean noBody, Consumer<HttpHeaders> addition) {
    ServerHttpResponse response = exchange.getResponse();
    response.setRawStatusCode(status);
    HttpServerResponse outgoing = ServerHttpResponseDecorator.getNativeResponse(response);
    HttpHeaders headers = outgoing.responseHeaders();
    headers.set(nodeHeaders);
    HeaderRewriter.removeHopByHop(nodeHeaders, headers);
    if (!noBody && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
      headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    }
    addition.accept(headers);
  }

  private static boolean isEventStream(HttpHeaders nodeHeaders) {
    @Nullable
    String type = nodeHeaders.get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && (type.startsWith("text/event-stream") || type.startsWith("application/x-ndjson"));
  }

  private static long length(HttpHeaders nodeHeaders) {
    @Nullable
    String length = nodeHeaders.get(HttpHeaderNames.CONTENT_LENGTH);
    return length == null ? -1 : Long.parseLong(length);
  }
}
