package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.channel.CoarseTimer;
import dev.statecraft.gateway.client.Drain;
import dev.statecraft.gateway.upstream.EventLoops;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The path of requests whose route has no filter but the gateway's own: from the client's connection to the node's and
 * back on Netty's codec, on one event loop, without Spring's handlers and Reactor. It decides as the filter chain does,
 * by the same classes. Thread-safe.
 */
public final class FastPath {
  /**
   * A route whose requests may take this path.
   *
   * @param admission decides which of them are forwarded
   */
  record FastRoute(ServedRoute route, RouteAdmission admission) {}

  /** Name of the handler. */
  public static final String HANDLER = "statecraft.fastPath";

  private final List<FastRoute> routes;
  private final GatewayServices services;
  private final List<EventLoop> loops;
  private final List<CoarseTimer> timers;
  private final Drain drain;
  private final LongAdder taken = new LongAdder();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

  /**
   * Makes the path.
   *
   * @param routes the longest prefix first; empty if no request takes this path
   */
  public FastPath(List<ServedRoute> routes, GatewayServices services, EventLoops loops, Drain drain) {
    this.routes = routes.stream().map(route -> new FastRoute(route, new RouteAdmission(route, services))).toList();
    this.services = services;
    this.loops = loops.list();
    this.timers = this.loops.stream().map(loop -> new CoarseTimer(loop, services.nanoTime())).toList();
    this.drain = drain;
    // The server would close their connections, because it knows nothing of them.
    drain.await(Mono.defer(() -> inFlight.get() == 0 ? Mono.empty() : Mono.fromFuture(drained)));
    if (isUsed()) {
      services.metrics().watchFastPath(taken);
    }
  }

  /** Tells whether requests can take this path. */
  public boolean isUsed() {
    return !routes.isEmpty();
  }

  /** Returns the handler of a client's connection, to be placed before Reactor Netty's handlers. */
  public ChannelHandler handler() {
    return new FastPathHandler(this);
  }

  GatewayServices services() {
    return services;
  }

  int index(EventLoop loop) {
    return loops.indexOf(loop);
  }

  CoarseTimer timer(int index) {
    return timers.get(index);
  }

  /** Returns the route of a target, or null. */
  @Nullable
  FastRoute find(String target) {
    for (FastRoute route : routes) {
      if (route.route().serves(target)) {
        return route;
      }
    }
    return null;
  }

  /** Counts a request. Returns false if the gateway drains: then the server must know of it, to wait for its end. */
  boolean tryEnter() {
    inFlight.incrementAndGet();
    if (drain.isDraining()) {
      leave();
      return false;
    }
    taken.increment();
    return true;
  }

  void leave() {
    if (inFlight.decrementAndGet() == 0 && drain.isDraining()) {
      drained.complete(null);
    }
  }
}
