package dev.statecraft.reactive.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;

/**
 * Stops accepting while the maximum number of connections is open, so that further connections wait in the backlog, as
 * with Tomcat. Reactor Netty's own limit closes them instead.
 *
 * <p>Below the limit a loop accepts all waiting connections in each turn. By default, Netty's epoll transport (4.2.15)
 * accepts one in each turn, because it takes the number of the accepted socket for a number of bytes read. Under load a
 * turn is so long that clients then time out in the backlog or find it full. Thread-safe.
 */
@Component
class ConnectionLimit implements NettyServerCustomizer {
  private final int maximum;
  private final int backlog;
  private final Set<Channel> listeningSockets = ConcurrentHashMap.newKeySet();

  @GuardedBy("this")
  private int open;

  ConnectionLimit(ServerProperties properties) {
    this.maximum = properties.maximumConnections();
    this.backlog = properties.backlog();
  }

  @Override
  public HttpServer apply(HttpServer server) {
    return server.option(ChannelOption.SO_BACKLOG, backlog)
        .option(ChannelOption.RECVBUF_ALLOCATOR, acceptWholeBacklog())
        .doOnBound(bound -> listeningSockets.add(bound.channel()))
        .doOnUnbound(bound -> listeningSockets.remove(bound.channel()))
        // Not doOnConnection, which Reactor Netty calls for each request.
        .doOnChannelInit((_, connection, _) -> {
          opened();
          var _ = connection.closeFuture().addListener(_ -> closed());
        });
  }

  private RecvByteBufAllocator acceptWholeBacklog() {
    return new ServerChannelRecvByteBufAllocator().respectMaybeMoreData(false).maxMessagesPerRead(backlog);
  }

  private synchronized void opened() {
    open++;
    if (open == maximum) {
      setAccepting(false);
    }
  }

  private synchronized void closed() {
    open--;
    if (open == maximum - 1) {
      setAccepting(true);
    }
  }

  private void setAccepting(boolean accepting) {
    listeningSockets.forEach(socket -> socket.config().setAutoRead(accepting));
  }
}
