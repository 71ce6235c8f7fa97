package dev.statecraft.reactive;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Serves on for {@code statecraft.drain} after it was decided that this process ends. Readiness says no from the first
 * moment of it, so a balancer that asks sends its requests elsewhere before the server begins to refuse them.
 */
@Component
final class Drain implements SmartLifecycle {
  private final Duration time;
  private volatile boolean running;

  Drain(@Value("${statecraft.drain:0s}") Duration time) {
    this.time = time;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public void stop(Runnable done) {
    CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS).execute(() -> {
      stop();
      done.run();
    });
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Ends first: the server ends in a later phase. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
