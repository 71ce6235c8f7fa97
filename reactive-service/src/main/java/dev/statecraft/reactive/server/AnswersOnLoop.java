package dev.statecraft.reactive.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/**
 * Has every answer, an error's too, written by the event loop of its connection, wherever its content was made. With
 * Reactor Netty 1.3.6 a keep-alive connection whose answer was written by another thread now and then reads no further
 * request: one in some thousands, and its client waits for ever. Thread-safe.
 */
@Component
class AnswersOnLoop implements HttpHandlerDecoratorFactory {
  @Override
  public HttpHandler apply(HttpHandler handler) {
    return (request, response) -> {
      EventLoop loop = loopOf(request);
      return handler.handle(request, loop == null ? response : new OnLoop(response, loop));
    };
  }

  private static @Nullable EventLoop loopOf(ServerHttpRequest request) {
    AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
    Object origin = ServerHttpRequestDecorator.getNativeRequest(request);
    if (origin instanceof HttpServerRequest netty) {
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
