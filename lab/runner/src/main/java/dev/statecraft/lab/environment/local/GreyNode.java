package dev.statecraft.lab.environment.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A node in this process that can fail while its readiness probe succeeds: a grey failure (Huang et al., "Gray Failure:
 * The Achilles' Heel of Cloud-Scale Systems", HotOS 2017). It stands for a service whose work is to wait. Thread-safe.
 */
public final class GreyNode implements AutoCloseable {
  /** The name of the node in the answers and in the gateway's metrics. */
  public static final String NAME = "grey";

  private static final int SLOWDOWN = 10;
  private static final int REQUESTS_PER_ERROR = 5;
  private static final String READINESS = "/actuator/health";
  private static final int OK = 200;
  private static final int SERVER_ERROR = 500;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();
  private final int workMillis;
  private volatile @Nullable GreyFault fault;

  /**
   * Starts a node without a fault.
   *
   * @param workMillis how long a request takes
   * @throws IOException if no port is free
   */
  public GreyNode(int workMillis) throws IOException {
    this.workMillis = workMillis;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  /** The address of the node. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Begins to fail. */
  public void inject(GreyFault next) {
    fault = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestURI().getPath().startsWith(READINESS)) {
        exchange.sendResponseHeaders(OK, -1);
      } else {
        work(exchange, fault);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(HttpExchange exchange, @Nullable GreyFault injected) throws IOException, InterruptedException {
    exchange.getResponseHeaders().set("X-Served-By", NAME);
    if (injected == GreyFault.SILENT) {
      closed.await();
    } else if (injected == GreyFault.ERRORS && requests.incrementAndGet() % REQUESTS_PER_ERROR == 0) {
      exchange.sendResponseHeaders(SERVER_ERROR, -1);
    } else {
      Thread.sleep(injected == GreyFault.SLOW ? (long) workMillis * SLOWDOWN : workMillis);
      exchange.sendResponseHeaders(OK, -1);
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
