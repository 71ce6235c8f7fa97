package dev.statecraft.reactive.server;

import io.netty.channel.unix.UnixChannelOption;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Opens several listening sockets on one port by SO_REUSEPORT (Linux 3.9): the kernel spreads new connections over them
 * by a hash of their addresses, so that no acceptor wakes for another's connection and none waits for a lock.
 *
 * <p>Its price: a loop that is slow keeps what the hash gave it, while others idle; a connection in the backlog of a
 * socket that closes is reset; and another process of the same user can bind the same port without an error.
 */
final class AcceptorFactory extends NettyReactiveWebServerFactory {
  private final int acceptors;

  AcceptorFactory(int acceptors) {
    this.acceptors = acceptors;
    if (acceptors > 1) {
      addServerCustomizers(server -> server.option(UnixChannelOption.SO_REUSEPORT, true));
    }
  }

  @Override
  public WebServer getWebServer(HttpHandler handler) {
    List<WebServer> servers = Stream.generate(() -> super.getWebServer(handler)).limit(acceptors).toList();
    return acceptors == 1 ? servers.getFirst() : new AcceptorGroup(servers, this::setPort);
  }
}
