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
 * Gets one page at a constant rate, on connections that are kept, and notes each time that the answer was not a 200. A
 * client may be one that asks again: once, on a connection of its own.
 */
final class InstallationLoad implements AutoCloseable {
  private static final Timeout TIMEOUT = Timeout.ofSeconds(5);
  private static final int MAX_UNDER_WAY = 200;

  private final URI page;
  private final boolean asksAgain;
  private final CloseableHttpClient kept = client().build();
  private final CloseableHttpClient fresh = client().setConnectionReuseStrategy((_, _, _) -> false).build();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Semaphore underway = new Semaphore(MAX_UNDER_WAY);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong askedAgain = new AtomicLong();
  private final Set<String> servedBy = ConcurrentHashMap.newKeySet();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();

  private InstallationLoad(URI page, boolean asksAgain) {
    this.page = page;
    this.asksAgain = asksAgain;
  }

  /** Begins at once. */
  static InstallationLoad on(URI page, int ratePerSecond, boolean asksAgain) {
    InstallationLoad load = new InstallationLoad(page, asksAgain);
    var _ = load.clock.scheduleAtFixedRate(load::send, 0, 1_000_000_000L / ratePerSecond, TimeUnit.NANOSECONDS);
    return load;
  }

  private static HttpClientBuilder client() {
    return HttpClients.custom().disableAutomaticRetries().disableRedirectHandling().setConnectionManager(
        PoolingHttpClientConnectionManagerBuilder.create().setMaxConnTotal(MAX_UNDER_WAY)
            .setMaxConnPerRoute(MAX_UNDER_WAY)
            .setDefaultConnectionConfig(ConnectionConfig.custom().setConnectTimeout(TIMEOUT).build())
            .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(TIMEOUT).build()).build());
  }

  private void send() {
    sent.incrementAndGet();
    if (!underway.tryAcquire()) {
      failures.add("not sent: " + MAX_UNDER_WAY + " have no answer yet");
      return;
    }
    Thread.startVirtualThread(() -> {
      try {
        String failure = get(kept);
        if (failure != null && asksAgain) {
          askedAgain.incrementAndGet();
          failure = get(fresh);
        }
        if (failure != null) {
          failures.add(failure);
        }
      } finally {
        underway.release();
      }
    });
  }

  /** What came instead of a 200, or null. */
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

  /** Whether an answer named that node, whose name must be one that no node had before. */
  boolean isServedBy(String node) {
    return servedBy.contains(node);
  }

  /** Ends the load and waits for the answers under way. */
  List<String> end() throws InterruptedException {
    clock.shutdown();
    boolean all = clock.awaitTermination(5, TimeUnit.SECONDS)
        && underway.tryAcquire(MAX_UNDER_WAY, 2 * TIMEOUT.toSeconds() + 5, TimeUnit.SECONDS);
    if (!all) {
      failures.add("some have no answer yet");
    }
    return List.copyOf(failures);
  }

  /** Such as {@code /stateless/whoami: 640 GETs, 3 asked again, 0 failed}. */
  @Override
  public String toString() {
    return page.getPath() + ": " + sent + " GETs, " + (asksAgain ? askedAgain + " asked again, " : "")
        + failures.size() + " failed";
  }

  @Override
  public void close() {
    clock.shutdownNow();
    kept.close(CloseMode.IMMEDIATE);
    fresh.close(CloseMode.IMMEDIATE);
  }
}
