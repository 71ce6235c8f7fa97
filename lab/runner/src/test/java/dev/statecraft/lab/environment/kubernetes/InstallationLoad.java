package dev.statecraft.lab.environment.kubernetes;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Sends GET requests for one page at a constant rate over keep-alive connections, and records every answer other than
 * 200. Optionally retries a failed request once on a new connection.
 */
final class InstallationLoad implements AutoCloseable {
  private static final Timeout TIMEOUT = Timeout.ofSeconds(5);
  private static final int MAX_IN_FLIGHT = 200;

  private final URI page;
  private final boolean retries;
  private final CloseableHttpClient keepAlive = client().build();
  private final CloseableHttpClient newConnections = client().setConnectionReuseStrategy((_, _, _) -> false).build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong retried = new AtomicLong();
  private final Set<String> servedBy = ConcurrentHashMap.newKeySet();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private InstallationLoad(URI page, boolean retries) {
    this.page = page;
    this.retries = retries;
  }

  static InstallationLoad start(URI page, int ratePerSecond, boolean retries) {
    InstallationLoad load = new InstallationLoad(page, retries);
    var _ = load.clock.scheduleAtFixedRate(load::send, 0, 1_000_000_000L / ratePerSecond, TimeUnit.NANOSECONDS);
    return load;
  }

  private static HttpClientBuilder client() {
    return HttpClients.custom().disableAutomaticRetries().disableRedirectHandling()
        .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create().setMaxConnTotal(MAX_IN_FLIGHT)
            .setMaxConnPerRoute(MAX_IN_FLIGHT)
            .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(TIMEOUT).build())
            .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(TIMEOUT).build()).build());
  }

  private void send() {
    sent.incrementAndGet();
    if (!inFlight.tryAcquire()) {
      failures.add("not sent: " + MAX_IN_FLIGHT + " requests in flight");
      return;
    }
    Thread.startVirtualThread(() -> {
      try {
        String failure = get(keepAlive);
        if (failure != null && retries) {
          retried.incrementAndGet();
          failure = get(newConnections);
        }
        if (failure != null) {
          failures.add(failure);
        }
      } finally {
        inFlight.release();
      }
    });
  }

  /** The failure, or null after a 200. */
  private @Nullable String get(CloseableHttpClient client) {
    try {
      return client.execute(new HttpGet(page), response -> {
        Header node = response.getFirstHeader("X-Served-By");
        if (node != null) {
          servedBy.add(node.getValue());
        }
        String body = EntityUtils.toString(response.getEntity());
        return response.getCode() == 200 ? null : response.getCode() + " " + body;
      });
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Whether that node has answered. */
  boolean isServedBy(String node) {
    return servedBy.contains(node);
  }

  /** Stops the load, waits for the requests in flight, and returns the failures. */
  List<String> stop() throws InterruptedException {
    clock.shutdown();
    boolean complete = clock.awaitTermination(5, TimeUnit.SECONDS)
        && inFlight.tryAcquire(MAX_IN_FLIGHT, 2 * TIMEOUT.toSeconds() + 5, TimeUnit.SECONDS);
    if (!complete) {
      failures.add("requests without an answer");
    }
    return List.copyOf(failures);
  }

  /** Such as {@code /stateless/whoami: 640 GETs, 3 retried, 0 failed}. */
  @Override
  public String toString() {
    return page.getPath() + ": " + sent + " GETs, " + (retries ? retried + " retried, " : "") + failures.size()
        + " failed";
  }

  @Override
  public void close() {
    clock.shutdownNow();
    keepAlive.close(CloseMode.IMMEDIATE);
    newConnections.close(CloseMode.IMMEDIATE);
  }
}
