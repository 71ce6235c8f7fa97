package dev.statecraft.reactive.server;

import io.netty.channel.unix.UnixChannelOption;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.server.reactive.HttpHandler;

/**
 * Opens several listening sockets on one port by SO_REUSEPORT (Linux 3.9). The kernel distributes new connections among
 * them by a hash of the addresses, so acceptors neither wake up for each other's connections nor share a lock.
 *
 * <p>The cost: the hash ignores load, so a slow loop keeps its connections while others are idle; a connection in the
 * backlog of a socket that is closed is reset; another process of the same user can bind the same port without an
 * error.
 */
final class MultiAcceptorServerFactory extends NettyReactiveWebServerFactory {
  private final int acceptors;

  /** Spring Boot creates the server of {@code management.server.port} from the same class. */
  MultiAcceptorServerFactory() {
    this(1);
  }

  MultiAcceptorServerFactory(int acceptors) {
    this.acceptors = acceptors;
    if (acceptors > 1) {
      addServerCustomizers(server -> server.option(UnixChannelOption.SO_REUSEPORT, true));
    }
  }

  @Override
  public WebServer getWebServer(HttpHandler handler) {
    List<WebServer> servers = Stream.generate(() -> super.getWebServer(handler)).limit(acceptors).toList();
    return acceptors == 1 ? servers.getFirst() : new MultiAcceptorServer(servers, this::setPort);
  }
}
