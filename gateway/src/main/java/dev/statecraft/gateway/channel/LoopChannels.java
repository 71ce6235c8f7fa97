package dev.statecraft.gateway.channel;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The idle connections to one node on one event loop. The one that was used last is used next, so that others can be
 * closed. Runs on the event loop only.
 */
final class LoopChannels {
  private final EventLoop loop;
  private final long maxIdleNanos;
  private final LongSupplier nanoTime;
  private final Deque<NodeChannel> idle = new ArrayDeque<>();
  private boolean evicting;
  private boolean closed;

  LoopChannels(EventLoop loop, Duration maxIdle, LongSupplier nanoTime) {
    this.loop = loop;
    this.maxIdleNanos = maxIdle.toNanos();
    this.nanoTime = nanoTime;
  }

  EventLoop loop() {
    return loop;
  }

  /** Takes an idle connection, or returns null if there is none. */
  @Nullable
  NodeChannel take() {
    NodeChannel found = idle.pollFirst();
    while (found != null && !found.isActive()) {
      found = idle.pollFirst();
    }
    return found;
  }

  /** Keeps a connection for the next request. */
  void giveBack(NodeChannel channel) {
    if (closed) {
      var _ = channel.channel().close();
      return;
    }
    channel.reading(true);
    channel.idle(nanoTime.getAsLong());
    idle.addFirst(channel);
    if (!evicting) {
      evicting = true;
      scheduleEviction(maxIdleNanos);
    }
  }

  void closed(NodeChannel channel) {
    idle.remove(channel);
  }

  private void scheduleEviction(long nanos) {
    var _ = loop.schedule(this::evict, nanos, TimeUnit.NANOSECONDS);
  }

  private void evict() {
    long now = nanoTime.getAsLong();
    while (true) {
      NodeChannel oldest = idle.peekLast();
      if (oldest == null) {
        evicting = false;
        return;
      }
      long left = maxIdleNanos - (now - oldest.idleSince());
      if (left > 0) {
        scheduleEviction(left);
        return;
      }
      idle.removeLast();
      var _ = oldest.channel().close();
    }
  }

  /** Closes the idle connections, now, and those in use when they become idle. */
  void close() {
    closed = true;
    for (NodeChannel channel = idle.poll(); channel != null; channel = idle.poll()) {
      var _ = channel.channel().close();
    }
  }
}
