package dev.statecraft.session;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Removes expired sessions at an interval, so that their end is published and their memory is free. Until then, no node
 * returns an expired session. Thread-safe.
 */
public final class ExpirySweeper implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ExpirySweeper.class);

  private final String threadName;
  private final Runnable sweep;
  private final Duration interval;

  @GuardedBy("this")
  private @Nullable ScheduledThreadPoolExecutor timer;

  public ExpirySweeper(String threadName, Runnable sweep, Duration interval) {
    this.threadName = threadName;
    this.sweep = sweep;
    this.interval = interval;
  }

  @Override
  public synchronized void start() {
    timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name(threadName).factory());
    var _ = timer.scheduleWithFixedDelay(this::run, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The executor would not repeat a task that throws. */
  private void run() {
    try {
      sweep.run();
    } catch (RuntimeException e) {
      log.debug("Expired sessions stay until the next attempt in {}: {}", interval, e.toString());
    }
  }

  @Override
  public synchronized void stop() {
    if (timer != null) {
      timer.shutdownNow();
      timer = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return timer != null;
  }
}
