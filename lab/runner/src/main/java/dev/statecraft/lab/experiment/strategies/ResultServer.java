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
 * Serves a results file to a process that forwards a port to this pod: {@code GET} returns the file, {@code DELETE}
 * confirms its arrival. Listens only on the loopback interface, so that it is not reachable from other pods.
 * Thread-safe.
 */
public final class ResultServer implements AutoCloseable {
  /** The log line that announces the results. */
  public static final String READY = "The results are ready to be fetched";

  /** The port to forward to. */
  public static final int PORT = 8080;

  private final Path file;
  private final HttpServer server;
  private final CountDownLatch arrived = new CountDownLatch(1);

  public ResultServer(Path file, int port) throws IOException {
    this.file = file;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Waits until the arrival is confirmed; false after the timeout. */
  public boolean await(Duration timeout) throws InterruptedException {
    return arrived.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void handle(HttpExchange exchange) throws IOException {
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
