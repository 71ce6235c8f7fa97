package dev.statecraft.reactive.server;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.WebServer;

/** Several servers on one port, which start and stop as one. */
final class AcceptorGroup implements WebServer {
  private final List<WebServer> servers;
  private final IntConsumer portOfTheRest;

  /**
   * Groups servers.
   *
   * @param portOfTheRest told the port on which the first one listens, before the rest start
   */
  AcceptorGroup(List<WebServer> servers, IntConsumer portOfTheRest) {
    this.servers = List.copyOf(servers);
    this.portOfTheRest = portOfTheRest;
  }

  @Override
  public void start() {
    servers.getFirst().start();
    portOfTheRest.accept(getPort());
    servers.stream().skip(1).forEach(WebServer::start);
  }

  @Override
  public void stop() {
    servers.forEach(WebServer::stop);
  }

  @Override
  public void shutDownGracefully(GracefulShutdownCallback callback) {
    AtomicInteger left = new AtomicInteger(servers.size());
    AtomicInteger active = new AtomicInteger();
    for (WebServer server : servers) {
      server.shutDownGracefully(result -> {
        if (result == GracefulShutdownResult.REQUESTS_ACTIVE) {
          active.incrementAndGet();
        }
        if (left.decrementAndGet() == 0) {
          callback.shutdownComplete(active.get() > 0 ? GracefulShutdownResult.REQUESTS_ACTIVE : result);
        }
      });
    }
  }

  @Override
  public int getPort() {
    return servers.getFirst().getPort();
  }
}
