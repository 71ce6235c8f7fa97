package dev.statecraft.reactive.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Has every answer written by the event loop of its connection, wherever its content was made. With Reactor Netty 1.3.6
 * a keep-alive connection whose answer was written by another thread now and then reads no further request: one in some
 * thousands, and its client waits for ever. Thread-safe.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class AnswersOnLoop implements WebFilter {
  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    EventLoop loop = loopOf(exchange);
    return loop == null
        ? chain.filter(exchange)
        : chain.filter(exchange.mutate().response(new OnLoop(exchange.getResponse(), loop)).build());
  }

  private static @Nullable EventLoop loopOf(ServerWebExchange exchange) {
    AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
    Object request = ServerHttpRequestDecorator.getNativeRequest(exchange.getRequest());
    if (request instanceof HttpServerRequest netty) {
      netty.withConnection(connection -> loop.set(connection.channel().eventLoop()));
    }
    return loop.get();
  }

  private static final class OnLoop extends ServerHttpResponseDecorator {
    private final EventLoop loop;

    OnLoop(ServerHttpResponse response, EventLoop loop) {
      super(response);
      this.loop = loop;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
      return onLoop(super.writeWith(body));
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
      return onLoop(super.writeAndFlushWith(body));
    }

    @Override
    public Mono<Void> setComplete() {
      return onLoop(super.setComplete());
    }

    private Mono<Void> onLoop(Mono<Void> write) {
      return Mono.defer(() -> loop.inEventLoop() ? write : write.subscribeOn(Schedulers.fromExecutor(loop)));
    }
  }
}
