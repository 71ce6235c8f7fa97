package dev.statecraft.reactive.server;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.WebServer;

/** Several servers on one port that start and stop together. */
final class MultiAcceptorServer implements WebServer {
  private final List<WebServer> servers;
  private final IntConsumer portOfOthers;

  /**
   * Groups servers.
   *
   * @param portOfOthers receives the port of the first server before the others start
   */
  MultiAcceptorServer(List<WebServer> servers, IntConsumer portOfOthers) {
    this.servers = List.copyOf(servers);
    this.portOfOthers = portOfOthers;
  }

  @Override
  public void start() {
    servers.getFirst().start();
    portOfOthers.accept(getPort());
    servers.stream().skip(1).forEach(WebServer::start);
  }

  @Override
  public void stop() {
    servers.forEach(WebServer::stop);
  }

  @Override
  public void shutDownGracefully(GracefulShutdownCallback callback) {
    AtomicInteger running = new AtomicInteger(servers.size());
    AtomicInteger withActiveRequests = new AtomicInteger();
    for (WebServer server : servers) {
      server.shutDownGracefully(result -> {
        if (result == GracefulShutdownResult.REQUESTS_ACTIVE) {
          withActiveRequests.incrementAndGet();
        }
        if (running.decrementAndGet() == 0) {
          callback.shutdownComplete(withActiveRequests.get() > 0 ? GracefulShutdownResult.REQUESTS_ACTIVE : result);
        }
      });
    }
  }

  @Override
  public int getPort() {
    return servers.getFirst().getPort();
  }
}
