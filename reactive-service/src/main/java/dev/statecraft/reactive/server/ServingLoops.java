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

/** The event loop that serves a request. Thread-safe. */
@Component
public class ServingLoops {
  private final Map<EventLoop, ServingLoop> known = new ConcurrentHashMap<>();

  /**
   * Where the timers of a request are to run: on its own event loop. Reactor's own scheduler would hand every request
   * that waits to another thread and back, which costs more than all the rest of the waiting.
   */
  public Scheduler timers(ServerHttpRequest request) {
    return of(request).timers();
  }

  ServingLoop of(ServerHttpRequest request) {
    AtomicReference<@Nullable EventLoop> loop = new AtomicReference<>();
    HttpServerRequest netty = ServerHttpRequestDecorator.getNativeRequest(request);
    netty.withConnection(connection -> loop.set(connection.channel().eventLoop()));
    return known.computeIfAbsent(Objects.requireNonNull(loop.get()), ServingLoop::of);
  }

  /**
   * One event loop.
   *
   * @param timers runs what is due as a task of the loop
   * @param admitted runs what the loop has admitted, a part in each of its turns
   */
  record ServingLoop(EventLoop loop, Scheduler timers, Scheduler admitted) {
    private static ServingLoop of(EventLoop loop) {
      return new ServingLoop(loop, Schedulers.fromExecutorService(loop),
          Schedulers.fromExecutor(new AdmittedRequests(loop, System::nanoTime)));
    }
  }
}
