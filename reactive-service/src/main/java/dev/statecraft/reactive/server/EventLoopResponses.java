package dev.statecraft.reactive.server;

import dev.statecraft.reactive.server.RequestEventLoops.RequestEventLoop;
import java.util.function.Supplier;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Writes each response, errors included, on the event loop of its connection. With Reactor Netty 1.3.6, when another
 * thread writes the response, the keep-alive connection sometimes reads no further request: once in some thousand
 * responses, and its client waits for ever. Thread-safe.
 */
@Component
class EventLoopResponses implements HttpHandlerDecoratorFactory {
  private final RequestEventLoops loops;

  EventLoopResponses(RequestEventLoops loops) {
    this.loops = loops;
  }

  @Override
  public HttpHandler apply(HttpHandler handler) {
    return (request, response) -> handler.handle(request, new EventLoopResponse(response, loops.of(request)));
  }

  private static final class EventLoopResponse extends ServerHttpResponseDecorator {
    private final RequestEventLoop eventLoop;

    EventLoopResponse(ServerHttpResponse response, RequestEventLoop eventLoop) {
      super(response);
      this.eventLoop = eventLoop;
    }

    @Override
    public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
      return onLoop(super.writeWith(body));
    }

    @Override
    public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
      return onLoop(super.writeAndFlushWith(body));
    }

    /** The action may end on another thread, as that of a session store, and the response is written after it. */
    @Override
    public void beforeCommit(Supplier<? extends Mono<Void>> action) {
      super.beforeCommit(() -> action.get().publishOn(eventLoop.timers()));
    }

    @Override
    public Mono<Void> setComplete() {
      return onLoop(super.setComplete());
    }

    private Mono<Void> onLoop(Mono<Void> write) {
      return Mono.defer(() -> eventLoop.loop().inEventLoop() ? write : write.subscribeOn(eventLoop.timers()));
    }
  }
}
