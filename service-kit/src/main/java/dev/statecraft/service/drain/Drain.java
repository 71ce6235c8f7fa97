package dev.statecraft.service.drain;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;

/**
 * Keeps the server running for {@code statecraft.drain} after shutdown begins. Readiness fails from the first moment,
 * so load balancers stop sending requests before the server rejects them.
 */
public final class Drain implements SmartLifecycle {
  private final Duration duration;
  private final Function<Duration, Executor> delayedExecutor;
  private volatile boolean running;

  @Autowired
  Drain(@Value("${statecraft.drain:0s}") Duration duration) {
    this(duration, delay -> CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS));
  }

  Drain(Duration duration, Function<Duration, Executor> delayedExecutor) {
    this.duration = duration;
    this.delayedExecutor = delayedExecutor;
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
  public void stop(Runnable callback) {
    delayedExecutor.apply(duration).execute(() -> {
      stop();
      callback.run();
    });
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Stops first; the server stops in a lower phase. */
  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
