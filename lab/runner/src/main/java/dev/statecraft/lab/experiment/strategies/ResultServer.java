package dev.statecraft.lab.experiment.strategies;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hands a file over to a client that may forward a port to this pod: {@code GET} as often as it takes, and
 * {@code DELETE} once it has arrived. It listens on the loopback, so nobody else in the cluster reaches it.
 */
public final class ResultServer implements AutoCloseable {
  /** What a pod says when there is something to fetch. */
  public static final String READY = "The results are ready to be fetched";

  /** The one that a forwarded port leads to. */
  public static final int PORT = 8080;

  private final Path file;
  private final HttpServer server;
  private final CountDownLatch arrived = new CountDownLatch(1);

  public ResultServer(Path file, int port) throws IOException {
    this.file = file;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Waits until the file has arrived; false where that took too long. */
  public boolean await(Duration most) throws InterruptedException {
    return arrived.await(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestMethod()) {
        case "GET" -> {
          exchange.sendResponseHeaders(200, Files.size(file));
          try (OutputStream body = exchange.getResponseBody()) {
            Files.copy(file, body);
          }
        }
        case "DELETE" -> {
          exchange.sendResponseHeaders(200, -1);
          arrived.countDown();
        }
        default -> exchange.sendResponseHeaders(405, -1);
      }
    }
  }

  @Override
  public void close() {
    server.stop(1);
  }
}
