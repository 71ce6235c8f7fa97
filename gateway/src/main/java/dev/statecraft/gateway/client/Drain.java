package dev.statecraft.gateway.client;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import reactor.core.publisher.Mono;

/**
 * The first step of a stop. The context has already said by its readiness that it takes no more traffic; for a while
 * the gateway still serves what comes, so that balancers before it find out, and ends each response with
 * {@code Connection: close}, so that clients leave by themselves. Then the server stops listening and finishes what it
 * has.
 */
public final class Drain implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  private final Duration grace;
  private volatile boolean running;
  private volatile boolean draining;

  /**
   * Makes a drain that has not begun.
   *
   * @param grace how long the gateway serves on
   */
  public Drain(Duration grace) {
    this.grace = grace;
  }

  /** Tells whether the gateway is about to stop. */
  public boolean isDraining() {
    return draining;
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
    LOG.info("Draining: serves on for {} ms, and asks clients to leave", grace.toMillis());
    Mono.delay(grace).subscribe(tick -> done.run());
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops before the server does. */
  @Override
  public int getPhase() {
    return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
  }
}
