package dev.statecraft.reactive.server;

import dev.statecraft.reactive.server.ServingLoops.ServingLoop;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Has every answer, an error's too, written by the event loop of its connection, wherever its content was made. With
 * Reactor Netty 1.3.6 a keep-alive connection whose answer was written by another thread now and then reads no further
 * request: one in some thousands, and its client waits for ever. Thread-safe.
 */
@Component
class AnswersOnLoop implements HttpHandlerDecoratorFactory {
  private final ServingLoops loops;

  AnswersOnLoop(ServingLoops loops) {
    this.loops = loops;
  }

  @Override
  public HttpHandler apply(HttpHandler handler) {
    return (request, response) -> handler.handle(request, new OnLoop(response, loops.of(request)));
  }

  private static final class OnLoop extends ServerHttpResponseDecorator {
    private final ServingLoop serving;

    OnLoop(ServerHttpResponse response, ServingLoop serving) {
      super(response);
      this.serving = serving;
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
      return Mono.defer(() -> serving.loop().inEventLoop() ? write : write.subscribeOn(serving.timers()));
    }
  }
}
