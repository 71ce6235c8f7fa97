package dev.statecraft.reactive.server;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Queue of the requests that an event loop has admitted. If requests were served as they are read, a rejection would
 * wait behind all answers of the same turn of the loop, and an overloaded loop would reject as late as it answers. So a
 * turn only reads and rejects; after that, the queue serves admitted requests in order, for at most {@link #TIME_SLICE}
 * before the loop reads again. The cost: a request waits until the rest of its turn has been read.
 *
 * <p>Its length is limited by {@link LoadShedding}. {@link #execute} is thread-safe; everything else runs on the loop.
 */
final class AdmittedRequestQueue implements Executor {
  /** Long enough for some tens of requests, short enough that rejections stay fast. */
  static final Duration TIME_SLICE = Duration.ofMillis(5);

  private final EventExecutor loop;
  private final LongSupplier nanoTime;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean scheduled;

  AdmittedRequestQueue(EventExecutor loop, LongSupplier nanoTime) {
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
    long start = nanoTime.getAsLong();
    try {
      do {
        waiting.remove().run();
      } while (!waiting.isEmpty() && nanoTime.getAsLong() - start < TIME_SLICE.toNanos());
    } finally {
      scheduled = !waiting.isEmpty();
      if (scheduled) {
        serveAfterReading();
      }
    }
  }

  /** Uses a timer, because a loop runs all its tasks, and the tasks that these add, before it reads again. */
  private void serveAfterReading() {
    var _ = loop.schedule(this::serve, 0, TimeUnit.NANOSECONDS);
  }
}
