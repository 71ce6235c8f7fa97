package dev.statecraft.gateway.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/**
 * The first step of a shutdown. Readiness already reports that the gateway takes no more traffic. During the drain time
 * the gateway still serves new requests, so that load balancers notice, and closes each connection after its response
 * ({@code Connection: close}). Then the server stops listening and completes its requests in flight.
 */
public final class Drain implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(Drain.class);

  private final Duration time;
  private final List<Mono<Void>> served = new CopyOnWriteArrayList<>();
  private volatile boolean running;
  private volatile boolean draining;

  /**
   * Makes a drain that has not started.
   *
   * @param time how long the gateway continues to serve
   */
  public Drain(Duration time) {
    this.time = time;
  }

  /** Tells whether the drain has started. */
  public boolean isDraining() {
    return draining;
  }

  /** Makes the drain last until this completes, after which requests that the server does not know are answered. */
  public void await(Mono<Void> end) {
    served.add(end);
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    draining = true;
    running = false;
  }

  @Override
  public void stop(Runnable done) {
    stop();
    log.info("Draining: serving for {} more ms, closing each connection after its response", time.toMillis());
    Mono.delay(time).then(Mono.when(served)).doFinally(signal -> done.run()).subscribe();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops before the server. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
  }
}
