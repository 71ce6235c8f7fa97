package dev.statecraft.reactive.server;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServerRequest;

/** Finds the event loop that serves a request. Thread-safe. */
@Component
public class RequestEventLoops {
  private final Map<EventLoop, RequestEventLoop> loops = new ConcurrentHashMap<>();

  /**
   * Returns a scheduler that runs the timers of a request on its own event loop. Reactor's default scheduler would move
   * each waiting request to another thread and back, which costs more than the rest of the wait.
   */
  public Scheduler timers(ServerHttpRequest request) {
    return of(request).timers();
  }

  RequestEventLoop of(ServerHttpRequest request) {
    AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
    HttpServerRequest nettyRequest = ServerHttpRequestDecorator.getNativeRequest(request);
    nettyRequest.withConnection(connection -> loop.set(connection.channel().eventLoop()));
    return loops.computeIfAbsent(Objects.requireNonNull(loop.get()), RequestEventLoop::of);
  }

  /**
   * An event loop.
   *
   * @param timers runs timers as tasks of the loop
   * @param admitted serves the requests that the loop has admitted
   */
  record RequestEventLoop(EventLoop loop, Scheduler timers, Scheduler admitted) {
    private static RequestEventLoop of(EventLoop loop) {
      return new RequestEventLoop(loop, Schedulers.fromExecutorService(loop),
          Schedulers.fromExecutor(new AdmittedRequestQueue(loop, System::nanoTime)));
    }
  }
}
