package dev.statecraft.gateway.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a node. It carries one request at a time, and is idle in between. Interim answers, such as 103, are
 * dropped. Runs on its event loop only.
 */
public final class NodeChannel extends ChannelInboundHandlerAdapter {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final Channel channel;
  private LoopChannels owner;
  private @Nullable ResponseReceiver receiver;
  private @Nullable Throwable failure;
  private boolean interim;
  private boolean keptAlive;
  private long idleSince;

  NodeChannel(Channel channel, LoopChannels owner) {
    this.channel = channel;
    this.owner = owner;
  }

  Channel channel() {
    return channel;
  }

  void owner(LoopChannels next) {
    owner = next;
  }

  /** Records that the connection is idle from now on. */
  void idle(long nanoTime) {
    idleSince = nanoTime;
  }

  long idleSince() {
    return idleSince;
  }

  boolean isActive() {
    return channel.isActive();
  }

  /** Gives the connection to a request. */
  void lend(ResponseReceiver to) {
    receiver = to;
    to.connected(this);
  }

  /** Returns a connection on which nothing was sent. */
  public void unused() {
    receiver = null;
    owner.giveBack(this);
  }

  /**
   * Sends a request.
   *
   * @param body null for none; it is released
   */
  public void send(HttpMethod method, String target, HttpHeaders headers, @Nullable ByteBuf body) {
    interim = false;
    keptAlive = false;
    var _ = channel.writeAndFlush(new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, target,
        body == null ? Unpooled.EMPTY_BUFFER : body, headers, EmptyHttpHeaders.INSTANCE), channel.voidPromise());
  }

  /** Starts or stops to read the answer. */
  public void reading(boolean now) {
    channel.config().setAutoRead(now);
  }

  /** Ends the connection by a reset; its receiver is told nothing. */
  public void reset() {
    receiver = null;
    reset(channel);
  }

  /**
   * Closes a connection by a reset. The side that closes a connection in the usual way keeps its port for a minute, so
   * clients that abort many requests would use up the ports of the gateway. Must run on its event loop.
   */
  public static void reset(Channel channel) {
    if (channel.isActive()) {
      try {
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
      } catch (ChannelException closing) {
        // The socket is being closed.
      }
    }
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ResponseReceiver to = receiver;
    if (to == null) {
      // A node that speaks without being asked, or the rest of an answer that nobody wants.
      ReferenceCountUtil.release(message);
      var _ = channel.close();
      return;
    }
    if (message instanceof HttpObject object && object.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      fail(object.decoderResult().cause());
      return;
    }
    if (message instanceof HttpResponse head) {
      int status = head.status().code();
      interim = HttpStatusClass.INFORMATIONAL.contains(status) && status != SWITCHING_PROTOCOLS;
      if (!interim) {
        keptAlive = HttpUtil.isKeepAlive(head);
        to.head(head);
      }
    }
    if (message instanceof HttpContent content) {
      read(content);
    }
  }

  private void read(HttpContent content) {
    ResponseReceiver to = receiver;
    if (interim || to == null) {
      content.release();
      return;
    }
    if (content.content().isReadable()) {
      to.part(content.content());
    } else {
      content.release();
    }
    if (content instanceof LastHttpContent && receiver != null) {
      receiver = null;
      if (keptAlive && channel.isActive()) {
        owner.giveBack(this);
      } else {
        var _ = channel.close();
      }
      to.end();
    }
  }

  private void fail(Throwable cause) {
    ResponseReceiver to = receiver;
    receiver = null;
    var _ = channel.close();
    if (to != null) {
      to.broken(cause);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    owner.closed(this);
    Throwable known = failure;
    fail(known != null ? known : new ClosedChannelException());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    failure = cause;
    if (cause instanceof IOException || receiver != null) {
      fail(cause);
    } else {
      var _ = channel.close();
    }
  }
}
