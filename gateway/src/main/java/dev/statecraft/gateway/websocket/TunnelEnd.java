package dev.statecraft.gateway.websocket;

import dev.statecraft.gateway.client.Lease;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel. It reads from its channel only when the other end has written what was read before, so that a
 * tunnel holds one read in each direction. Confined to the event loop of its channel.
 */
final class TunnelEnd extends ChannelInboundHandlerAdapter {
  private final Channel channel;
  private final FrameBoundary boundary = new FrameBoundary();
  /** Bytes that arrived before the tunnel was connected. */
  private final Deque<ByteBuf> early = new ArrayDeque<>();
  private @Nullable Tunnel tunnel;
  private int unwritten;
  private boolean discarding;

  TunnelEnd(Channel channel) {
    this.channel = channel;
  }

  Channel channel() {
    return channel;
  }

  /** Starts to pass bytes on. */
  void start(Tunnel connected) {
    run(() -> {
      tunnel = connected;
      for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
        pass(connected, bytes);
      }
      if (channel.isActive()) {
        readMore();
      } else {
        connected.ended(this);
      }
    });
  }

  /**
   * Sends a frame to the other end if the last frame that was read is complete, and discards what is read afterwards.
   */
  void finish(byte[] frame) {
    run(() -> {
      if (tunnel != null && !discarding && boundary.isReached()) {
        var _ = tunnel.other(this).channel().writeAndFlush(Unpooled.wrappedBuffer(frame));
      }
      discarding = true;
      readMore();
    });
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Tunnel connected = tunnel;
    if (!(message instanceof ByteBuf bytes) || discarding) {
      // The end of the head also arrives as a message.
      ReferenceCountUtil.release(message);
    } else if (connected == null) {
      early.add(bytes);
    } else {
      pass(connected, bytes);
    }
  }

  private void pass(Tunnel connected, ByteBuf bytes) {
    boundary.add(bytes);
    connected.moved();
    int length = bytes.readableBytes();
    ChannelFuture written = connected.other(this).channel().writeAndFlush(bytes);
    if (written.isDone()) {
      return;
    }
    unwritten++;
    Lease memory = connected.hold(length);
    var _ = written.addListener(done -> {
      if (memory != null) {
        memory.giveBack();
      }
      run(() -> {
        unwritten--;
        readMore();
      });
    });
  }

  private void readMore() {
    if (unwritten == 0 && tunnel != null) {
      channel.read();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readMore();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (tunnel != null) {
      tunnel.ended(this);
    }
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The connection broke, which ends the tunnel.
    var _ = context.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  private void run(Runnable task) {
    if (channel.eventLoop().inEventLoop()) {
      task.run();
      return;
    }
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException stopped) {
      // The event loop has closed the channel.
    }
  }
}
