package dev.statecraft.reactive.server;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Where requests that an event loop has admitted wait for it. A loop reads all its connections in each turn. Served as
 * they are read, every request that is refused would wait behind each that is answered, and an overloaded loop would
 * say no as late as yes. So a turn only reads, and refuses; what it admits is served after that, in order, for
 * {@link #QUANTUM} at most before the loop reads again. Its price: a request waits here though the loop could have
 * served it at once, for the rest of what the turn reads.
 *
 * <p>Holds no more than may be under way, for each has been counted. May be called by any thread; all else is the
 * loop's.
 */
final class AdmittedRequests implements Executor {
  /**
   * Some tens of requests; and with the reading between, a turn of a loop with more to do than it can stays a few times
   * that.
   */
  static final Duration QUANTUM = Duration.ofMillis(5);

  private final EventExecutor loop;
  private final LongSupplier nanoTime;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean scheduled;

  AdmittedRequests(EventExecutor loop, LongSupplier nanoTime) {
    this.loop = loop;
    this.nanoTime = nanoTime;
  }

  @Override
  public void execute(Runnable request) {
    if (!loop.inEventLoop()) {
      loop.execute(() -> execute(request));
      return;
    }
    waiting.add(request);
    if (!scheduled) {
      scheduled = true;
      serveAfterReading();
    }
  }

  private void serve() {
    long began = nanoTime.getAsLong();
    try {
      do {
        waiting.remove().run();
      } while (!waiting.isEmpty() && nanoTime.getAsLong() - began < QUANTUM.toNanos());
    } finally {
      scheduled = !waiting.isEmpty();
      if (scheduled) {
        serveAfterReading();
      }
    }
  }

  /** A timer, for a loop goes through all its tasks, with those that they add, before it reads again. */
  private void serveAfterReading() {
    var _ = loop.schedule(this::serve, 0, TimeUnit.NANOSECONDS);
  }
}
