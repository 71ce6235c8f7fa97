package dev.statecraft.gateway.warmup;

import dev.statecraft.gateway.client.Drain;
import dev.statecraft.gateway.forward.FastPath;
import dev.statecraft.gateway.forward.GatewayServices;
import dev.statecraft.gateway.forward.ProblemHandler;
import dev.statecraft.gateway.forward.RouteForwarder;
import dev.statecraft.gateway.forward.ServedRoute;
import dev.statecraft.gateway.metrics.GatewayMetrics;
import dev.statecraft.gateway.route.RouteTable;
import dev.statecraft.gateway.settings.RouteSettings;
import dev.statecraft.gateway.trace.AttemptTracing;
import dev.statecraft.gateway.upstream.EventLoops;
import dev.statecraft.gateway.upstream.NodeSources;
import dev.statecraft.signing.KeyRing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.server.reactive.ReactorHttpHandlerAdapter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.NettyPipeline;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/**
 * Forwards requests to the gateway's own test nodes before it serves, while one of them fails in each round. HotSpot
 * compiles a method for the branches that it has seen. Without this warm-up, the first failure of a node under load
 * invalidates dozens of compiled methods at once (uncommon traps), and every request waits while they are interpreted.
 *
 * <p>All traffic stays on the loopback interface, apart from the served routes and their metrics, and within a time
 * limit. If the warm-up fails, the gateway starts without it.
 */
final class FailureWarmUp implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(FailureWarmUp.class);
  private static final String ROUTE = "failure-warm-up";
  private static final String HOST = "127.0.0.1";
  private static final int REQUESTS_PER_ROUND = 60;
  private static final int REQUESTS_BEFORE_FAILURE = 24;
  private static final int CONCURRENCY = 6;

  private final int requests;
  private final Duration timeLimit;
  private final GatewayServices services;
  private final EventLoops loops;
  private volatile boolean running;

  /**
   * Makes a warm-up.
   *
   * @param requests number of requests, rounded up to whole rounds; 0 for none
   * @param timeLimit of all rounds together
   */
  FailureWarmUp(int requests, Duration timeLimit, GatewayServices services, EventLoops loops) {
    this.requests = requests;
    this.timeLimit = timeLimit;
    this.services = services;
    this.loops = loops;
  }

  @Override
  public void start() {
    running = true;
    if (requests == 0) {
      return;
    }
    long start = System.nanoTime();
    try {
      int answered = run();
      log.info("Failure warm-up: {} requests answered while {} nodes failed, in {} ms", answered, rounds(),
          Duration.ofNanos(System.nanoTime() - start).toMillis());
    } catch (RuntimeException e) {
      log.warn("Failure warm-up incomplete; the first failure of a node may delay requests: {}", e.toString());
    }
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Starts before the server. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 2;
  }

  /**
   * Runs all rounds.
   *
   * @return the number of requests that were answered with 200
   * @throws IllegalStateException if the time limit is exceeded
   */
  int run() {
    long end = System.nanoTime() + timeLimit.toNanos();
    int answered = 0;
    for (int round = 0; round < rounds(); round++) {
      answered += runRound(round % 2 == 0, end);
    }
    return answered;
  }

  private int rounds() {
    return (requests + REQUESTS_PER_ROUND - 1) / REQUESTS_PER_ROUND;
  }

  /** Runs a round on the fast path, or by the filter that ends every chain. */
  private int runRound(boolean onFastPath, long end) {
    GatewayServices roundServices = new GatewayServices(new GatewayMetrics(new SimpleMeterRegistry()), services.json(),
        services.proxies(), services.memory(), services.webSockets(), AttemptTracing.OFF, services.nanoTime());
    NodeSources sources = new NodeSources(loops, () -> {
      throw new IllegalStateException("the warm-up has no Kubernetes route");
    }, () -> {
      throw new IllegalStateException("the warm-up has no TLS");
    });
    try (FailingUpstream first = new FailingUpstream(loops, HOST);
        FailingUpstream second = new FailingUpstream(loops, HOST);
        FailingUpstream failing = new FailingUpstream(loops, HOST);
        ServedRoute route = RouteTable.open(ROUTE, settings(first, second, failing), KeyRing.random(),
            roundServices.metrics(), sources)) {
      FastPath path = new FastPath(onFastPath ? List.of(route) : List.of(), roundServices, loops,
          new Drain(Duration.ZERO));
      DisposableServer server = server(path, new RouteForwarder(route, roundServices));
      ConnectionProvider connections = ConnectionProvider.create(ROUTE, CONCURRENCY);
      try {
        HttpClient client = HttpClient.create(connections).runOn(loops.all()).host(HOST).port(server.port());
        return send(client, REQUESTS_BEFORE_FAILURE).flatMap(before -> {
          failing.failSoon();
          return send(client, REQUESTS_PER_ROUND - REQUESTS_BEFORE_FAILURE).map(after -> before + after);
        }).blockOptional(Duration.ofNanos(Math.max(1, end - System.nanoTime()))).orElse(0);
      } finally {
        connections.dispose();
        server.dispose();
      }
    }
  }

  /** Returns the number of requests that were answered with 200. */
  private static Mono<Integer> send(HttpClient client, int count) {
    return Flux.range(0, count)
        .flatMap(number -> client.get().uri('/' + ROUTE + "/whoami")
            .responseSingle(
                (response, body) -> body.asByteArray().map(bytes -> response.status().code()).defaultIfEmpty(0))
            .onErrorReturn(0), CONCURRENCY)
        .filter(status -> status == 200).count().map(Long::intValue);
  }

  private RouteSettings settings(FailingUpstream first, FailingUpstream second, FailingUpstream failing) {
    Map<String, String> properties = Map.of(ROUTE + ".prefix", '/' + ROUTE, ROUTE + ".balance", "round-robin",
        ROUTE + ".protection.retry-budget", "1", ROUTE + ".deadline", timeLimit.toString(), ROUTE + ".nodes.first",
        first.url(), ROUTE + ".nodes.second", second.url(), ROUTE + ".nodes.failing", failing.url());
    return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(ROUTE, RouteSettings.class);
  }

  private DisposableServer server(FastPath path, RouteForwarder forwarder) {
    return HttpServer.create().runOn(loops.all()).host(HOST).port(0)
        .doOnChannelInit((observer, channel, remote) -> channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler,
            FastPath.HANDLER, path.handler()))
        .handle(new ReactorHttpHandlerAdapter(
            WebHttpHandlerBuilder.webHandler(exchange -> forwarder.filter(exchange, next -> Mono.empty()))
                .exceptionHandler(new ProblemHandler(services.json())).build()))
        .bindNow(timeLimit);
  }
}
