package dev.statecraft.gateway.forward;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.Connection;
import reactor.netty.http.server.HttpServerRequest;
import reactor.util.context.Context;

/**
 * An answer whose head filters may change before it is written. Filters find it as the connection of the answer, as
 * with Spring's own routing filter: to dispose of it discards the answer. Filters may go on from other threads than the
 * event loop, one at a time. Thread-safe.
 */
final class PendingAnswer implements Outlet, Connection {
  private static final List<String> STREAMED_TYPES = List.of("text/event-stream", "application/stream+json",
      "application/x-ndjson");

  private final ServerWebExchange exchange;
  private final MonoSink<Void> headKnown;
  private final Channel client;
  private final Disposable.Swap forwarding = Disposables.swap();
  private final AtomicBoolean discarded = new AtomicBoolean();
  private final AtomicReference<@Nullable Publisher<DataBuffer>> unwritten = new AtomicReference<>();
  private volatile @Nullable MonoSink<ServerHttpResponse> delivery;
  private volatile @Nullable MonoSink<Void> written;
  private volatile @Nullable Throwable failure;
  private volatile boolean open = true;
  private volatile boolean ended;

  /**
   * Makes an answer that is not known yet.
   *
   * @param headKnown is told when the filters can see the head
   */
  PendingAnswer(ServerWebExchange exchange, MonoSink<Void> headKnown) {
    this.exchange = exchange;
    this.headKnown = headKnown;
    this.client = ((Connection) received()).channel();
  }

  /** Runs the forwarding that writes to this outlet. */
  void run(Mono<Void> forwards) {
    forwarding
        .update(forwards.subscribe(nothing -> {}, this::failed, this::completed, Context.of(headKnown.contextView())));
  }

  @Override
  public boolean isOpen() {
    return open && !exchange.getResponse().isCommitted();
  }

  @Override
  public Mono<Void> write(Head head, Publisher<DataBuffer> body) {
    return deliver(head, body,
        response -> head.bodiless() ? response.setComplete() : writeBody(response, body));
  }

  @Override
  public Mono<Void> switchProtocols(Head head, Function<io.netty.handler.codec.http.HttpHeaders, Mono<Void>> tunnel) {
    return deliver(head, Mono.empty(), response -> {
      io.netty.handler.codec.http.HttpHeaders headers = new DefaultHttpHeaders();
      response.getHeaders().forEach(headers::add);
      return tunnel.apply(headers);
    });
  }

  private Mono<Void> deliver(Head head, Publisher<DataBuffer> body,
      Function<ServerHttpResponse, Mono<Void>> write) {
    open = false;
    unwritten.set(body);
    if (!discarded.get()) {
      setHead(head);
    }
    return Mono.<ServerHttpResponse>create(sink -> {
      delivery = sink;
      if (discarded.get()) {
        releaseUnwritten();
      } else {
        headKnown.success();
      }
    }).flatMap(response -> {
      if (unwritten.getAndSet(null) == null) {
        return Mono.empty();
      }
      return write.apply(response);
    });
  }

  /** Writes as Spring's own filter does, since a filter may have decorated the response. */
  private static Mono<Void> writeBody(ServerHttpResponse response, Publisher<DataBuffer> body) {
    String type = String.valueOf(response.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE));
    return STREAMED_TYPES.stream().anyMatch(type::startsWith)
        ? response.writeAndFlushWith(Flux.from(body).map(Flux::just))
        : response.writeWith(body);
  }

  private void setHead(Head head) {
    ServerHttpResponse response = exchange.getResponse();
    response.setStatusCode(HttpStatusCode.valueOf(head.status()));
    HttpHeaders headers = response.getHeaders();
    HttpHeaders added = new HttpHeaders();
    head.headers().forEach(field -> added.add(field.getKey(), field.getValue()));
    String type = added.getFirst(HttpHeaders.CONTENT_TYPE);
    if (type != null) {
      exchange.getAttributes().put(ServerWebExchangeUtils.ORIGINAL_RESPONSE_CONTENT_TYPE_ATTR, type);
    }
    if (head.bodiless() || added.containsHeader(HttpHeaders.CONTENT_LENGTH)) {
      headers.remove(HttpHeaders.TRANSFER_ENCODING);
    } else if (received().version().equals(HttpVersion.HTTP_1_0)) {
      // The end of the connection is the end of the body (RFC 9112 section 6.3).
      headers.remove(HttpHeaders.TRANSFER_ENCODING);
      headers.set(HttpHeaderNames.CONNECTION.toString(), HttpHeaderValues.CLOSE.toString());
    }
    headers.addAll(added);
    exchange.getAttributes().put(ServerWebExchangeUtils.CLIENT_RESPONSE_HEADER_NAMES, added.headerNames());
    exchange.getAttributes().put(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR, this);
    if (discarded.get()) {
      // A filter's time-out came first, and its own answer must be found.
      exchange.getAttributes().remove(ServerWebExchangeUtils.CLIENT_RESPONSE_CONN_ATTR, this);
    }
  }

  /** Writes the answer with the headers that the filters left. */
  Mono<Void> deliver(ServerHttpResponse response) {
    return Mono.create(sink -> {
      written = sink;
      sink.onCancel(this);
      MonoSink<ServerHttpResponse> waiting = delivery;
      Throwable before = failure;
      if (before != null) {
        failed(before);
      } else if (discarded.get()) {
        sink.error(new GatewayProblem(HttpStatus.BAD_GATEWAY, "The answer was discarded."));
      } else if (ended || waiting == null) {
        sink.success();
      } else {
        waiting.success(response);
      }
    });
  }

  private void completed() {
    ended = true;
    MonoSink<Void> writing = written;
    if (writing != null) {
      writing.success();
    } else {
      headKnown.success();
    }
  }

  private void failed(Throwable error) {
    failure = error;
    ended = true;
    MonoSink<Void> writing = written;
    if (writing != null) {
      if (!exchange.getResponse().isCommitted()) {
        // Another answer takes its place.
        ServerWebExchangeUtils.reset(exchange);
      }
      writing.error(error);
    } else if (open) {
      headKnown.error(error);
    }
  }

  @Override
  public Channel channel() {
    return client;
  }

  /** Discards the answer, and ends what still runs for it. */
  @Override
  public void dispose() {
    if (discarded.compareAndSet(false, true)) {
      forwarding.dispose();
      releaseUnwritten();
    }
  }

  @Override
  public boolean isDisposed() {
    return discarded.get();
  }

  private void releaseUnwritten() {
    if (unwritten.getAndSet(null) instanceof Mono<DataBuffer> body) {
      body.subscribe(DataBufferUtils.releaseConsumer());
    }
  }

  private HttpServerRequest received() {
    return ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
  }
}
