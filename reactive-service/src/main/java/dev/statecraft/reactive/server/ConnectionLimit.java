package dev.statecraft.reactive.server;

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
 * Stops accepting while the most connections are open, so that further ones wait in the backlog: what Tomcat does, and
 * unlike Reactor Netty's own limit, which closes them. Until then a loop takes all that wait at each of its turns.
 * Netty's epoll takes one, however many it is told to (4.2.15): it takes the number of the accepted socket for bytes
 * read, and sees that there were not as many as it wanted. A turn in which thousands of requests are served lasts so
 * long that clients leave the backlog, or find it full, before anybody has seen them. Thread-safe.
 */
@Component
class ConnectionLimit implements NettyServerCustomizer {
  private final int maximum;
  private final int backlog;
  private final Set<Channel> listening = ConcurrentHashMap.newKeySet();
  private int open;

  ConnectionLimit(ServerProperties properties) {
    this.maximum = properties.maximumConnections();
    this.backlog = properties.backlog();
  }

  @Override
  public HttpServer apply(HttpServer server) {
    return server.option(ChannelOption.SO_BACKLOG, backlog)
        .option(ChannelOption.RECVBUF_ALLOCATOR, allThatWait())
        .doOnBound(bound -> listening.add(bound.channel()))
        .doOnUnbound(bound -> listening.remove(bound.channel()))
        // Reactor Netty calls its doOnConnection for each request.
        .doOnChannelInit((_, connection, _) -> {
          opened();
          var _ = connection.closeFuture().addListener(_ -> closed());
        });
  }

  private RecvByteBufAllocator allThatWait() {
    return new ServerChannelRecvByteBufAllocator().respectMaybeMoreData(false).maxMessagesPerRead(backlog);
  }

  private synchronized void opened() {
    open++;
    if (open == maximum) {
      accept(false);
    }
  }

  private synchronized void closed() {
    open--;
    if (open == maximum - 1) {
      accept(true);
    }
  }

  private void accept(boolean further) {
    listening.forEach(socket -> socket.config().setAutoRead(further));
  }
}
