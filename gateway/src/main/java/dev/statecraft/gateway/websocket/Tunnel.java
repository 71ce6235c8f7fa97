package dev.statecraft.gateway.websocket;

import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.Lease;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.netty.NettyPipeline;

/**
 * A WebSocket between a client and a node. The gateway passes on bytes and does not change frames, so subprotocols and
 * extensions are agreed between the client and the node. Thread-safe.
 */
public final class Tunnel {
  private static final String HANDLER = "statecraft.tunnel";
  /** A peer that does not take the last bytes is closed after this time. */
  private static final long MAX_FLUSH_MILLIS = 5_000;
  /** Time for a peer to answer a close frame. */
  private static final long MAX_CLOSE_MILLIS = 500;
  /** Close frames with status 1001, going away (RFC 6455 section 7.4.1). Those for a server have a mask, of zeros. */
  private static final byte[] CLOSE_CLIENT = {(byte) 0x88, 2, 0x03, (byte) 0xE9};
  private static final byte[] CLOSE_NODE = {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xE9};

  private final TunnelEnd node;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Connected connected;
  private volatile @Nullable String leaving;
  private volatile long movedAt;

  private record Connected(TunnelEnd client, WebSockets owner, MonoSink<Void> ended) {}

  private Tunnel(TunnelEnd node) {
    this.node = node;
  }

  /**
   * Takes over the connection of a node that has answered 101. Must run on its event loop, while the head of the answer
   * is handled, so that no byte after it is lost.
   */
  public static Tunnel open(Channel node) {
    TunnelEnd end = new TunnelEnd(node);
    ChannelPipeline pipeline = node.pipeline();
    pipeline.addBefore(NettyPipeline.ReactiveBridge, HANDLER, end);
    node.config().setAutoRead(false);
    pipeline.remove(HttpClientCodec.class);
    return new Tunnel(end);
  }

  /** Sends the client the head of the answer 101, and passes on bytes until one side closes. */
  Mono<Void> connect(Channel client, HttpHeaders head, WebSockets owner) {
    return Mono.create(sink -> {
      sink.onCancel(() -> close("client"));
      var _ = client.closeFuture().addListener(done -> sink.success());
      movedAt = owner.nanoTime();
      client.eventLoop().execute(() -> {
        if (!client.isActive() || closed.get()) {
          close("client");
          var _ = client.close();
          return;
        }
        TunnelEnd end = new TunnelEnd(client);
        connected = new Connected(end, owner, sink);
        switchProtocols(client, head, end);
        node.start(this);
        end.start(this);
        checkIdle(client, owner);
        String reason = owner.isStopping() ? "drain" : leaving;
        if (reason != null) {
          goAway(reason);
        }
      });
    });
  }

  private static void switchProtocols(Channel client, HttpHeaders head, TunnelEnd end) {
    ChannelPipeline pipeline = client.pipeline();
    pipeline.addBefore(NettyPipeline.ReactiveBridge, HANDLER, end);
    client.config().setAutoRead(false);
    // It counts requests and answers, and would close the connection.
    pipeline.remove(NettyPipeline.HttpTrafficHandler);
    var _ = client.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
        HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER, head, EmptyHttpHeaders.INSTANCE));
    if (pipeline.get(NettyPipeline.AccessLogHandler) != null) {
      pipeline.remove(NettyPipeline.AccessLogHandler);
    }
    // What the client has sent after its request is passed on to the next handler.
    pipeline.remove(HttpServerCodec.class);
    ChannelHandler throttle = pipeline.get(ClientConnection.THROTTLE);
    if (throttle != null) {
      pipeline.remove(throttle);
    }
  }

  private void checkIdle(Channel client, WebSockets owner) {
    long left = owner.idleNanos() - (owner.nanoTime() - movedAt);
    if (closed.get()) {
      return;
    }
    if (left <= 0) {
      goAway("idle-timeout");
    } else {
      var _ = client.eventLoop().schedule(() -> checkIdle(client, owner), left, TimeUnit.NANOSECONDS);
    }
  }

  TunnelEnd other(TunnelEnd end) {
    return end == node ? client() : node;
  }

  private TunnelEnd client() {
    return Objects.requireNonNull(connected, "not connected yet").client();
  }

  /** Records that bytes were passed on. */
  void moved() {
    Connected now = connected;
    if (now != null) {
      movedAt = now.owner().nanoTime();
    }
  }

  /** Takes memory for bytes that wait for their receiver. If there is none, the tunnel ends. */
  @Nullable
  Lease hold(int bytes) {
    Connected now = Objects.requireNonNull(connected);
    Lease lease = now.owner().memory().tryAcquire(bytes, ClientConnection.of(now.client().channel()));
    if (lease == null) {
      close("memory");
      var _ = now.client().channel().close();
      var _ = node.channel().close();
    }
    return lease;
  }

  /** The connection of one end was closed. */
  void ended(TunnelEnd end) {
    close(end == node ? "node" : "client");
  }

  /** Tells both sides that the gateway goes away, and closes the tunnel when they had time to answer. */
  void goAway(String reason) {
    leaving = reason;
    Connected now = connected;
    if (now == null) {
      // The 101 has not been sent; the tunnel leaves when it is connected.
      return;
    }
    node.finish(CLOSE_CLIENT);
    now.client().finish(CLOSE_NODE);
    var _ = now.client().channel().eventLoop().schedule(() -> close(reason), MAX_CLOSE_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Closes both connections after what was passed on is written, unless that has been done. */
  public void close(String reason) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Connected now = connected;
    if (now != null) {
      // The sides close too when they are told that the gateway goes away.
      String left = leaving;
      now.owner().countClosed(left == null ? reason : left);
      closeFlushed(now.client().channel());
    }
    closeFlushed(node.channel());
  }

  private static void closeFlushed(Channel channel) {
    if (channel.isActive()) {
      var _ = channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
      var _ = channel.eventLoop().schedule(() -> {
        var _ = channel.close();
      }, MAX_FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      var _ = channel.close();
    }
  }
}
