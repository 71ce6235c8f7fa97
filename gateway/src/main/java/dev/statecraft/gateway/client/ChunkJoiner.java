package dev.statecraft.gateway.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import org.jspecify.annotations.Nullable;

/** Joins small chunks that arrive in the same read, so that each is not an object of its own in all that follows. */
final class ChunkJoiner {
  /** A chunk with as many bytes is passed on as it is. */
  private static final int MIN_PASSED_BYTES = 1_024;
  private static final int JOINED_BYTES = 2_048;

  private @Nullable ByteBuf joined;
  private int added;

  /** Tells whether a chunk is so small that it is copied. */
  static boolean isSmall(HttpContent content) {
    return content.content().readableBytes() < MIN_PASSED_BYTES;
  }

  /** Takes a small chunk, and releases it. */
  void add(ChannelHandlerContext context, HttpContent content) {
    ByteBuf chunks = joined;
    if (chunks == null) {
      chunks = context.alloc().buffer(JOINED_BYTES);
      joined = chunks;
    }
    chunks.writeBytes(content.content());
    content.release();
    added++;
    if (chunks.readableBytes() >= JOINED_BYTES) {
      flush(context);
    }
  }

  /** Returns the number of small chunks in this turn of the event loop. */
  int added() {
    return added;
  }

  /** Passes on the chunks that were added, at the end of a turn. */
  void endTurn(ChannelHandlerContext context) {
    added = 0;
    flush(context);
  }

  /** Passes on the chunks that were added. */
  void flush(ChannelHandlerContext context) {
    ByteBuf chunks = joined;
    joined = null;
    if (chunks != null) {
      context.fireChannelRead(new DefaultHttpContent(chunks));
    }
  }

  void release() {
    ByteBuf chunks = joined;
    joined = null;
    if (chunks != null) {
      chunks.release();
    }
  }
}
