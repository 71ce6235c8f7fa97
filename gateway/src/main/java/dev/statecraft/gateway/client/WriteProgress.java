package dev.statecraft.gateway.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;

/**
 * Finds out whether the reader of a connection takes bytes, as Netty's {@code IdleStateHandler} does: fewer bytes wait,
 * or others. Runs on the event loop of the connection.
 */
final class WriteProgress {
  private boolean waiting;
  private long progressAt;
  private long lastPending;
  private int lastMessage;
  private long lastFlushed;

  /** Looks at the bytes that wait to be written. */
  void look(Channel channel, long now) {
    ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
    long pending = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    if (buffer == null || pending == 0) {
      waiting = false;
      return;
    }
    int message = System.identityHashCode(buffer.current());
    long flushed = buffer.currentProgress();
    if (!waiting || pending < lastPending || message != lastMessage || flushed != lastFlushed) {
      progressAt = now;
    }
    waiting = true;
    lastPending = pending;
    lastMessage = message;
    lastFlushed = flushed;
  }

  /** Tells whether bytes waited for the reader at the last look. */
  boolean isWaiting() {
    return waiting;
  }

  /** Returns the time from the last progress to the last look; 0 if no bytes wait. */
  long stalledFor(long now) {
    return waiting ? now - progressAt : 0;
  }
}
