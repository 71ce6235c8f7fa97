package dev.statecraft.gateway.channel;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Time-outs of many requests on one event loop, all looked at in one task every 10 ms, so that starting and ending one
 * costs next to nothing. Its clock stands still while the event loop is held up: then an answer may wait in the socket.
 * A time-out is late by up to 20 ms, and never early. Runs on the event loop only.
 */
public final class CoarseTimer {
  /** A time-out that runs or is paused. */
  public static final class Timeout {
    private final CoarseTimer timer;
    private final Runnable expired;
    private boolean running;
    private long due;
    private int index = -1;

    private Timeout(CoarseTimer timer, Runnable expired) {
      this.timer = timer;
      this.expired = expired;
    }

    /** Starts it, or starts it again. */
    public void start(Duration limit) {
      due = timer.now() + limit.toNanos();
      running = true;
      timer.add(this);
    }

    /** Stops it until the next start. */
    public void pause() {
      running = false;
    }

    /** Ends it. */
    public void stop() {
      running = false;
      timer.remove(this);
    }
  }

  private static final long TICK_NANOS = Duration.ofMillis(10).toNanos();

  private final EventLoop loop;
  private final LongSupplier nanoTime;
  private final List<Timeout> timeouts = new ArrayList<>();
  private boolean ticking;
  private long clock;
  private long lastTick;

  public CoarseTimer(EventLoop loop, LongSupplier nanoTime) {
    this.loop = loop;
    this.nanoTime = nanoTime;
  }

  /** Returns a time-out that does not run yet. */
  public Timeout timeout(Runnable expired) {
    return new Timeout(this, expired);
  }

  private long now() {
    if (!ticking) {
      ticking = true;
      lastTick = nanoTime.getAsLong();
      schedule();
      return clock;
    }
    return clock + Math.min(nanoTime.getAsLong() - lastTick, 2 * TICK_NANOS);
  }

  private void schedule() {
    var _ = loop.schedule(this::tick, TICK_NANOS, TimeUnit.NANOSECONDS);
  }

  private void add(Timeout timeout) {
    if (timeout.index < 0) {
      timeout.index = timeouts.size();
      timeouts.add(timeout);
    }
  }

  private void remove(Timeout timeout) {
    if (timeout.index >= 0) {
      Timeout last = timeouts.removeLast();
      if (last != timeout) {
        timeouts.set(timeout.index, last);
        last.index = timeout.index;
      }
      timeout.index = -1;
    }
  }

  private void tick() {
    long now = nanoTime.getAsLong();
    clock += Math.min(now - lastTick, 2 * TICK_NANOS);
    lastTick = now;
    // From the end, because a time-out that ends removes itself.
    for (int i = timeouts.size() - 1; i >= 0; i--) {
      Timeout timeout = i < timeouts.size() ? timeouts.get(i) : null;
      if (timeout != null && timeout.running && timeout.due - clock <= 0) {
        timeout.running = false;
        timeout.expired.run();
      }
    }
    if (timeouts.isEmpty()) {
      ticking = false;
    } else {
      schedule();
    }
  }
}
