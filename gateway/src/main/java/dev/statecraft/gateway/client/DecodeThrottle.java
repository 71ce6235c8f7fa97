package dev.statecraft.gateway.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ByteProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Hands the received bytes of one connection to the HTTP decoder in pieces, and keeps the rest until the connection's
 * guard wants more. Otherwise the decoder would turn all bytes of a read into objects at once: 16 KB hold 600 pipelined
 * requests, or 2,700 chunks of one byte. While bytes are kept, nothing is read from the socket. One instance for each
 * connection; runs only on its event loop.
 */
final class DecodeThrottle extends ChannelDuplexHandler {
  /** So few bytes are decoded at once without a look at them. */
  private static final int MAX_UNSEEN_BYTES = 256;
  private static final int MAX_CHUNKED_BYTES = 2_048;
  /** After so many small chunks of one client others have their turn. */
  private static final int MAX_SMALL_CHUNKS = 256;

  private final ClientConnectionGuard guard;
  private @Nullable ByteBuf kept;
  private boolean decoding;
  private boolean scheduled;
  private boolean readWanted;
  private boolean paused;

  DecodeThrottle(ClientConnectionGuard guard) {
    this.guard = guard;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf before = kept;
    if (!(message instanceof ByteBuf bytes)) {
      context.fireChannelRead(message);
    } else if (before == null && bytes.readableBytes() <= MAX_UNSEEN_BYTES && mayDecode(context)) {
      readWanted = false;
      context.fireChannelRead(bytes);
    } else {
      // The socket is read only once between two calls, so at most one buffer is joined to the kept one.
      kept = before == null
          ? bytes
          : before.alloc().compositeBuffer(2).addComponent(true, before)
              .addComponent(true, bytes);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    decode(context);
    context.fireChannelReadComplete();
  }

  /** The reader of the messages wants more. The kept bytes come first. */
  @Override
  public void read(ChannelHandlerContext context) {
    if (kept == null) {
      readSocket(context);
    } else {
      readWanted = true;
      resume(context);
    }
  }

  /** Decodes kept bytes in another turn of the event loop, if there are any. */
  void resume(ChannelHandlerContext context) {
    if (kept != null && !decoding && !scheduled) {
      scheduled = true;
      context.executor().execute(() -> {
        scheduled = false;
        decode(context);
        context.fireChannelReadComplete();
      });
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    ByteBuf bytes = kept;
    if (bytes != null && context.channel().isActive()) {
      kept = null;
      context.fireChannelRead(bytes);
    } else {
      discard();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    discard();
    context.fireChannelInactive();
  }

  private boolean mayDecode(ChannelHandlerContext context) {
    return guard.isReceivingBody() ? readWanted || context.channel().config().isAutoRead() : guard.awaitsHead();
  }

  private void decode(ChannelHandlerContext context) {
    if (decoding) {
      return;
    }
    decoding = true;
    try {
      for (ByteBuf bytes = kept; bytes != null && mayDecode(context)
          && guard.smallChunks() < MAX_SMALL_CHUNKS; bytes = kept) {
        readWanted = false;
        int length = piece(bytes);
        if (length >= bytes.readableBytes()) {
          kept = null;
          context.fireChannelRead(bytes);
        } else {
          context.fireChannelRead(bytes.readRetainedSlice(length));
        }
      }
    } finally {
      decoding = false;
    }
    if (kept != null) {
      if (mayDecode(context)) {
        resume(context);
      } else if (!guard.isReceivingBody()) {
        // Pipelined requests wait until the current one is answered.
        paused = true;
        context.channel().config().setAutoRead(false);
      }
    } else if (paused) {
      paused = false;
      if (guard.isReceivingBody()) {
        context.read();
      } else {
        context.channel().config().setAutoRead(true);
      }
    } else if (readWanted || context.channel().config().isAutoRead()) {
      // A channel asks once to be read by itself. If bytes were kept then, nobody has told the socket.
      readSocket(context);
    }
  }

  private void readSocket(ChannelHandlerContext context) {
    // What this read brings is wanted, although the channel does not read by itself.
    readWanted = !context.channel().config().isAutoRead();
    context.read();
  }

  /** Returns how many bytes belong to the current message at most. */
  private int piece(ByteBuf bytes) {
    int available = bytes.readableBytes();
    long body = guard.remainingBodyBytes();
    if (body > 0) {
      return (int) Math.min(available, body);
    }
    return body == ClientConnectionGuard.CHUNKED ? Math.min(available, MAX_CHUNKED_BYTES) : headLength(bytes);
  }

  /** Returns the bytes up to and including the first empty line; all if there is none. */
  private static int headLength(ByteBuf bytes) {
    int start = bytes.readerIndex();
    int end = bytes.writerIndex();
    for (int at = start; at < end;) {
      int line = bytes.forEachByte(at, end - at, ByteProcessor.FIND_LF);
      if (line < 0) {
        break;
      }
      int next = line + 1;
      if (next < end && bytes.getByte(next) == '\r') {
        next++;
      }
      if (next < end && bytes.getByte(next) == '\n') {
        return next + 1 - start;
      }
      at = line + 1;
    }
    return end - start;
  }

  private void discard() {
    ByteBuf bytes = kept;
    kept = null;
    if (bytes != null) {
      bytes.release();
    }
  }
}
