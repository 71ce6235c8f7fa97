package dev.statecraft.gateway.channel;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Expires when a node lets the gateway wait too long. It runs only while it is the node's turn: not while the gateway
 * waits for the client. A delay of the gateway itself does not count: if the event loop was held up, an answer may wait
 * in the socket. Thread-safe.
 */
public final class NodeTimer {
  /** If the timer fires later than this, the event loop was held up. */
  private static final long MAX_LATENESS_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final EventLoop loop;
  private final LongSupplier nanoTime;
  private final Runnable expired;
  @GuardedBy("this")
  private boolean running;
  @GuardedBy("this")
  private boolean closed;
  @GuardedBy("this")
  private boolean excused;
  @GuardedBy("this")
  private long due;
  @GuardedBy("this")
  private @Nullable Future<?> scheduled;
  @GuardedBy("this")
  private long scheduledAt;

  /**
   * Makes a timer that does not run.
   *
   * @param loop the event loop of the node's connection, whose timers are cheaper than those of another thread
   * @param expired is run once, on the event loop
   */
  public NodeTimer(EventLoop loop, LongSupplier nanoTime, Runnable expired) {
    this.loop = loop;
    this.nanoTime = nanoTime;
    this.expired = expired;
  }

  /** Starts to wait for the node, or continues after its progress. */
  public synchronized void start(Duration limit) {
    if (closed) {
      return;
    }
    running = true;
    excused = false;
    due = nanoTime.getAsLong() + limit.toNanos();
    if (scheduled == null || due - scheduledAt < 0) {
      schedule(limit.toNanos());
    }
  }

  /** Stops to wait for the node. */
  public synchronized void pause() {
    running = false;
  }

  /** Ends the timer. */
  public synchronized void close() {
    closed = true;
    running = false;
    if (scheduled != null) {
      scheduled.cancel(false);
      scheduled = null;
    }
  }

  @GuardedBy("this")
  private void schedule(long nanos) {
    if (scheduled != null) {
      scheduled.cancel(false);
    }
    scheduledAt = nanoTime.getAsLong() + nanos;
    scheduled = loop.schedule(this::fire, nanos, TimeUnit.NANOSECONDS);
  }

  private void fire() {
    if (isOver()) {
      expired.run();
    }
  }

  private synchronized boolean isOver() {
    scheduled = null;
    if (!running) {
      return false;
    }
    long late = nanoTime.getAsLong() - due;
    if (late >= 0 && (late < MAX_LATENESS_NANOS || excused)) {
      closed = true;
      return true;
    }
    // A later start has moved the end; or the event loop gets a chance to read what arrived meanwhile.
    excused = late >= 0;
    schedule(late >= 0 ? MAX_LATENESS_NANOS : -late);
    return false;
  }
}
