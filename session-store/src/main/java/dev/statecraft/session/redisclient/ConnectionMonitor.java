package dev.statecraft.session.redisclient;

import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes connections to Redis that are of no use any more; Lettuce then connects again, which resolves the address of
 * the primary again, by DNS or by asking the sentinels. Two kinds:
 *
 * <ul>
 * <li>A half-open connection: commands were sent, and no byte came back for the limit. TCP alone notices that only
 * after minutes, and never if a proxy in between still acknowledges.
 * <li>A connection to a primary that was demoted: it answers reads and refuses each write with READONLY.</ul>
 *
 * <p>Thread-safe.
 */
public final class ConnectionMonitor implements NettyCustomizer {
  private static final Logger log = LoggerFactory.getLogger(ConnectionMonitor.class);
  private static final long MIN_RECONNECT_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_CAUSE_DEPTH = 20;
  private static final int MAX_CONSOLIDATED_FLUSHES = 64;

  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicLong lastReconnect = new AtomicLong(System.nanoTime() - MIN_RECONNECT_INTERVAL_NANOS);
  private final long limitNanos;
  private volatile @Nullable ProbedRedis probed;

  /**
   * Makes the monitor.
   *
   * @param limit time without an answer after which a connection is closed; longer than the command timeout
   */
  public ConnectionMonitor(Duration limit) {
    limitNanos = limit.toNanos();
  }

  @Override
  public void afterChannelInitialized(Channel channel) {
    channels.add(channel);
    channel.pipeline().addFirst(
        // Sends the commands of concurrent requests with one system call, and Redis answers them with one.
        new FlushConsolidationHandler(MAX_CONSOLIDATED_FLUSHES, true),
        new StallDetector());
  }

  /** Records what the last write probe learned. */
  void probed(ProbedRedis result) {
    probed = result;
  }

  /** Returns what the last write probe learned; null before the first. */
  @Nullable
  ProbedRedis probed() {
    return probed;
  }

  /** Connects again if the failure shows that the server is not the primary any more; at most once in a second. */
  public void onFailure(@Nullable Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSE_DEPTH; depth++) {
      if (cause.getMessage() != null && cause.getMessage().contains("READONLY")) {
        reconnect();
        return;
      }
      cause = cause.getCause();
    }
  }

  private void reconnect() {
    long last = lastReconnect.get();
    long now = System.nanoTime();
    if (now - last >= MIN_RECONNECT_INTERVAL_NANOS && lastReconnect.compareAndSet(last, now)) {
      log.warn("Redis refuses writes because it is a replica now; reconnecting {} connections to find the primary",
          channels.size());
      var _ = channels.close();
    }
  }

  /** Used by the event loop of its channel only. */
  private final class StallDetector extends ChannelDuplexHandler {
    /** When the oldest bytes were sent after which no byte came back; 0 if there are none. */
    private long unansweredSince;
    private boolean scheduled;

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (unansweredSince == 0) {
        unansweredSince = System.nanoTime();
        schedule(context, limitNanos);
      }
      var _ = context.write(message, promise);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      unansweredSince = 0;
      context.fireChannelRead(message);
    }

    private void schedule(ChannelHandlerContext context, long nanos) {
      if (!scheduled) {
        scheduled = true;
        var _ = context.executor().schedule(() -> check(context), nanos, TimeUnit.NANOSECONDS);
      }
    }

    private void check(ChannelHandlerContext context) {
      scheduled = false;
      if (unansweredSince == 0 || !context.channel().isActive()) {
        return;
      }
      long left = limitNanos - (System.nanoTime() - unansweredSince);
      if (left > 0) {
        schedule(context, left);
      } else {
        log.warn("Connection {} to Redis closed: no answer for {} ms", context.channel(),
            TimeUnit.NANOSECONDS.toMillis(limitNanos));
        var _ = context.close();
      }
    }
  }
}
