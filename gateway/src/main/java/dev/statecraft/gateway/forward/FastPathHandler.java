package dev.statecraft.gateway.forward;

import dev.statecraft.gateway.channel.CoarseTimer;
import dev.statecraft.gateway.client.ClientConnection;
import dev.statecraft.gateway.client.ForwardedClient;
import dev.statecraft.gateway.client.Lease;
import dev.statecraft.gateway.client.PlainRequest;
import dev.statecraft.gateway.client.RequestPath;
import dev.statecraft.gateway.client.TrustedProxies;
import dev.statecraft.gateway.forward.FastPath.FastRoute;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Takes plain requests of one client connection for the {@link FastPath}, one at a time, and passes all others on to
 * Reactor Netty. Answers stay in order: no request is taken while Reactor Netty has one, and one that arrives while the
 * fast path has one waits here. One instance for each connection; runs only on its event loop.
 */
final class FastPathHandler extends ChannelDuplexHandler {
  private final FastPath path;
  private final Queue<Object> waiting = new ArrayDeque<>(0);
  private @Nullable ChannelHandlerContext context;
  private int loop = -1;
  private String peer = "";
  private String scheme = "http";
  private @Nullable FastRoute route;
  private @Nullable HttpRequest request;
  private String target = "";
  private @Nullable ByteBuf body;
  private @Nullable Lease bodyMemory;
  private @Nullable FastExchange exchange;
  private int passedOn;
  private boolean passingOn;
  private boolean replaying;
  private boolean taken;

  FastPathHandler(FastPath path) {
    this.path = path;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    loop = path.index(added.channel().eventLoop());
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context);
  }

  Channel channel() {
    return context().channel();
  }

  ClientConnection connection() {
    return ClientConnection.of(channel());
  }

  int loop() {
    return loop;
  }

  CoarseTimer timer() {
    return path.timer(loop);
  }

  GatewayServices services() {
    return path.services();
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    if (!waiting.isEmpty() || (taken && request == null)) {
      waiting.add(message);
    } else {
      read(reading, message);
    }
  }

  private void read(ChannelHandlerContext reading, Object message) {
    if (message instanceof HttpRequest head) {
      if (!take(head)) {
        passedOn++;
        passingOn = true;
        reading.fireChannelRead(message);
      }
    } else if (request != null && message instanceof HttpContent content) {
      readBody(request, content);
    } else {
      reading.fireChannelRead(message);
      passingOn &= !(message instanceof LastHttpContent);
    }
  }

  private boolean take(HttpRequest head) {
    if (passedOn > 0 || passingOn || loop < 0 || !PlainRequest.isPlain(head) || !isRead()) {
      return false;
    }
    FastRoute found = path.find(head.uri());
    if (found == null) {
      return false;
    }
    String below = RequestPath.strip(head.uri(), found.route().settings().prefix());
    if (found.admission().hides(below) || found.admission().offersNodes(head.method(), below)) {
      return false;
    }
    int bytes = PlainRequest.bodyBytes(head.headers());
    Lease memory = bytes == 0 ? null : services().memory().tryAcquire(bytes, connection());
    if (bytes > 0 && memory == null) {
      return false;
    }
    if (!path.tryEnter()) {
      if (memory != null) {
        memory.giveBack();
      }
      return false;
    }
    taken = true;
    route = found;
    request = head;
    target = below;
    bodyMemory = memory;
    body = bytes == 0 ? null : channel().alloc().directBuffer(bytes);
    // Reactor Netty does so too when it has a whole request: a client that disconnects is noticed.
    channel().config().setAutoRead(true);
    return true;
  }

  /** Tells whether the client has taken the answers before. Until then Reactor Netty lets requests wait. */
  private boolean isRead() {
    ChannelOutboundBuffer unread = channel().unsafe().outboundBuffer();
    return unread == null || unread.totalPendingWriteBytes() == 0;
  }

  private void readBody(HttpRequest head, HttpContent content) {
    ByteBuf whole = body;
    if (whole != null) {
      whole.writeBytes(content.content());
    }
    content.release();
    if (content instanceof LastHttpContent) {
      request = null;
      begin(head, Objects.requireNonNull(route));
    }
  }

  private void begin(HttpRequest head, FastRoute found) {
    if (peer.isEmpty()) {
      peer = TrustedProxies.address(channel().remoteAddress());
      scheme = channel().pipeline().get(SslHandler.class) == null ? "http" : "https";
    }
    ForwardedClient client = services().proxies().resolve(peer, scheme, head.headers());
    FastExchange begun = new FastExchange(this, found, head, target, body, client);
    exchange = begun;
    begun.start();
  }

  /** Writes a message of the answer. */
  void write(Object message) {
    var _ = context().write(message);
  }

  /**
   * Writes the last message of the answer. The exchange ends when the client has taken it.
   *
   * @param after is run then
   */
  void finish(FastExchange ended, Object message, Runnable after) {
    var _ = context().writeAndFlush(message).addListener(written -> {
      after.run();
      ended(ended);
    });
  }

  void flush() {
    context().flush();
  }

  private void ended(FastExchange ended) {
    if (exchange == ended) {
      exchange = null;
      release();
      replay();
    }
  }

  /** Reads what has arrived during the last exchange. */
  private void replay() {
    if (replaying) {
      return;
    }
    replaying = true;
    try {
      while (!waiting.isEmpty() && !(taken && request == null) && channel().isActive()) {
        read(context(), waiting.remove());
      }
    } finally {
      replaying = false;
    }
  }

  private void release() {
    ByteBuf whole = body;
    body = null;
    if (whole != null) {
      whole.release();
    }
    Lease held = bodyMemory;
    bodyMemory = null;
    if (held != null) {
      held.giveBack();
    }
    request = null;
    route = null;
    if (taken) {
      taken = false;
      path.leave();
    }
  }

  @Override
  public void write(ChannelHandlerContext writing, Object message, ChannelPromise promise) {
    if (message instanceof LastHttpContent && passedOn > 0 && !(message instanceof HttpResponse head
        && HttpStatusClass.INFORMATIONAL.contains(head.status().code()))) {
      passedOn--;
    }
    var _ = writing.write(message, promise);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext changed) {
    FastExchange current = exchange;
    if (current != null) {
      current.clientWritable(changed.channel().isWritable());
    }
    changed.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext inactive) {
    close();
    inactive.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    close();
  }

  private void close() {
    FastExchange current = exchange;
    exchange = null;
    if (current != null) {
      current.cancel();
    }
    release();
    while (!waiting.isEmpty()) {
      ReferenceCountUtil.release(waiting.remove());
    }
  }
}
