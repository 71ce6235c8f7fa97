package dev.statecraft.gateway.route;

import dev.statecraft.gateway.affinity.KeyRing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
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
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/**
 * Before the gateway serves anybody, it forwards some requests of its own to nodes of its own, one of which dies again
 * and again. HotSpot compiles a method for the branches that it has seen taken: without this, the first node that fails
 * in the life of a busy gateway throws dozens of compiled methods away at once (uncommon traps), and every request
 * waits while they are interpreted. Failure is what a gateway is for, so it is seen in time.
 *
 * <p>All of it takes place on the loopback interface, apart from the served routes and from what {@link GatewayMetrics}
 * shows, and within a deadline. When it cannot be done, the gateway starts without it.
 */
final class FailureWarmUp implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(FailureWarmUp.class);
  private static final String ID = "rehearsal";
  private static final String HOST = "127.0.0.1";
  /** Some before the death of a node, and the rest during and after it. */
  private static final int REQUESTS_IN_A_ROUND = 60;
  private static final int UNTIL_DEATH = 24;
  private static final int AT_ONCE = 6;
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final int requests;
  private final GatewayServices tools;
  private final EventLoops loops;
  private volatile boolean running;

  /**
   * Prepares it.
   *
   * @param requests how many to play, rounded up to whole rounds; 0 for none
   */
  FailureWarmUp(int requests, GatewayServices tools, EventLoops loops) {
    this.requests = requests;
    this.tools = tools;
    this.loops = loops;
  }

  @Override
  public void start() {
    running = true;
    if (requests == 0) {
      return;
    }
    long begin = System.nanoTime();
    try {
      int answered = play();
      LOG.info("Rehearsed {} requests and {} deaths of a node in {} ms", answered, rounds(),
          Duration.ofNanos(System.nanoTime() - begin).toMillis());
    } catch (RuntimeException e) {
      LOG.warn("The rehearsal ended early, so the first failure of a node may delay requests: {}", e.toString());
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

  /** Before the server. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 2;
  }

  /**
   * Plays all rounds.
   *
   * @return how many requests were answered with success
   * @throws IllegalStateException when it takes too long
   */
  int play() {
    long end = System.nanoTime() + LONGEST.toNanos();
    int answered = 0;
    for (int round = 0; round < rounds(); round++) {
      try (Stage stage = new Stage()) {
        answered += stage.round().blockOptional(Duration.ofNanos(Math.max(1, end - System.nanoTime()))).orElse(0);
      }
    }
    return answered;
  }

  private int rounds() {
    return (requests + REQUESTS_IN_A_ROUND - 1) / REQUESTS_IN_A_ROUND;
  }

  /** What one round needs. */
  private final class Stage implements AutoCloseable {
    private final FailingUpstream first = new FailingUpstream(loops, HOST);
    private final FailingUpstream second = new FailingUpstream(loops, HOST);
    private final FailingUpstream dying = new FailingUpstream(loops, HOST);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final GatewayServices ownTools = new GatewayServices(new GatewayMetrics(registry), tools.json(),
        tools.proxies(), tools.timer(), tools.nanoTime());
    private final ServedRoute route = RouteTable.serve(ID, settings(), KeyRing.random(), ownTools.metrics(),
        new NodeSources(loops, () -> {
          throw new IllegalStateException("a rehearsal asks no cluster");
        }));
    private final DisposableServer front = front();
    private final ConnectionProvider connections = ConnectionProvider.create(ID, AT_ONCE);
    private final HttpClient client = HttpClient.create(connections).runOn(loops.all()).host(HOST)
        .port(front.port());

    Mono<Integer> round() {
      return ask(UNTIL_DEATH).flatMap(before -> {
        dying.dieSoon();
        return ask(REQUESTS_IN_A_ROUND - UNTIL_DEATH).map(after -> before + after);
      });
    }

    private Mono<Integer> ask(int count) {
      return Flux.range(0, count).flatMap(number -> one(), AT_ONCE).reduce(0, Integer::sum);
    }

    /** Returns 1 for a success, else 0. */
    private Mono<Integer> one() {
      return client.get().uri('/' + ID + "/whoami").responseSingle((response, body) -> body.asByteArray()
          .map(bytes -> response.status().code() == 200 ? 1 : 0).defaultIfEmpty(0)).onErrorReturn(0);
    }

    private RouteSettings settings() {
      Map<String, String> properties = new LinkedHashMap<>();
      properties.put(ID + ".prefix", '/' + ID);
      properties.put(ID + ".balance", "round-robin");
      properties.put(ID + ".protection.retry-budget", "1");
      properties.put(ID + ".nodes.first", first.url());
      properties.put(ID + ".nodes.second", second.url());
      properties.put(ID + ".nodes.dying", dying.url());
      return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate(ID, RouteSettings.class);
    }

    private DisposableServer front() {
      RouteForwarder forwarder = new RouteForwarder(route, ownTools);
      return HttpServer.create().runOn(loops.all()).host(HOST).port(0)
          .handle(new ReactorHttpHandlerAdapter(WebHttpHandlerBuilder
              .webHandler(exchange -> forwarder.filter(exchange, next -> Mono.empty()))
              .exceptionHandler(new ProblemHandler(tools.json())).build()))
          .bindNow(LONGEST);
    }

    @Override
    public void close() {
      connections.dispose();
      front.dispose();
      route.close();
      first.close();
      second.close();
      dying.close();
      registry.close();
    }
  }
}
