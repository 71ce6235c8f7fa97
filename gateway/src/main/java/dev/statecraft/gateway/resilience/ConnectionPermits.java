package dev.statecraft.gateway.resilience;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.resilience.AttemptFailure.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * Limits the attempts at one node at the same time, over all event loops, and with them the connections to it. A
 * bounded number of attempts waits, in order. If there is no permit, the exchange with the slowest client is ended in
 * favor of the new one. Thread-safe.
 */
public final class ConnectionPermits {
  private static final long RECLAIM_MILLIS = 50;

  private final int maxWaiting;
  private final Scheduler timer;
  private final Queue<Waiter> waiting = new ArrayDeque<>();
  @GuardedBy("waiting")
  private int free;

  /**
   * Makes permits.
   *
   * @param maximum number of attempts at the same time
   * @param maxWaiting number of attempts that may wait
   */
  public ConnectionPermits(int maximum, int maxWaiting, Scheduler timer) {
    this.free = maximum;
    this.maxWaiting = maxWaiting;
    this.timer = timer;
  }

  /** Takes a permit for an exchange of this client, or returns null. */
  public @Nullable Lease tryAcquire(ClientConnection client) {
    synchronized (waiting) {
      if (free == 0) {
        return null;
      }
      free--;
    }
    return client.hold(this, this::giveBack);
  }

  /** Waits for a permit. Fails with {@link Kind#EXHAUSTED} after the time, or at once if too many wait. */
  public Mono<Lease> acquire(ClientConnection client, Duration timeout) {
    return Mono.create(sink -> {
      Waiter waiter = new Waiter(client, sink);
      boolean admitted;
      synchronized (waiting) {
        admitted = waiting.size() < maxWaiting && waiting.add(waiter);
      }
      if (!admitted) {
        sink.error(AttemptFailure.of(Kind.EXHAUSTED));
        return;
      }
      Disposable expiry = timer.schedule(() -> {
        if (remove(waiter)) {
          sink.error(AttemptFailure.of(Kind.EXHAUSTED));
        }
      }, timeout.toNanos(), TimeUnit.NANOSECONDS);
      // An exchange may become a stalled one later, and another event loop's exchange is not ended at once.
      Disposable reclaim = timer.schedulePeriodically(() -> client.reclaim(this), RECLAIM_MILLIS, RECLAIM_MILLIS,
          TimeUnit.MILLISECONDS);
      sink.onDispose(() -> {
        expiry.dispose();
        reclaim.dispose();
        remove(waiter);
      });
      // A permit may have become free since, or the one of an exchange that waits for its client does now.
      if (!serveWaiting() && client.reclaim(this)) {
        serveWaiting();
      }
    });
  }

  private boolean remove(Waiter waiter) {
    synchronized (waiting) {
      return waiting.remove(waiter);
    }
  }

  private void giveBack() {
    synchronized (waiting) {
      free++;
    }
    serveWaiting();
  }

  private boolean serveWaiting() {
    Waiter next;
    synchronized (waiting) {
      next = free > 0 ? waiting.poll() : null;
      free -= next == null ? 0 : 1;
    }
    if (next != null) {
      // Held by the client's connection, so that it is given back even if the exchange ends at this moment.
      next.sink().success(next.client().hold(this, this::giveBack));
    }
    return next != null;
  }

  private record Waiter(ClientConnection client, MonoSink<Lease> sink) {}
}
