package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import dev.statecraft.lab.history.Outcome;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/** Requests one URL of a service without sessions. Thread-safe. */
public final class WorkClient implements SessionCalls, AutoCloseable {
  private static final int PAGES = 997;

  private final URI work;
  private final CloseableHttpClient http;
  private final AtomicInteger requests = new AtomicInteger();

  /**
   * Creates a client.
   *
   * @param connections the maximum number of open connections
   * @param deadline how long to wait for a connection, and for the next byte of an answer
   */
  public WorkClient(URI work, int connections, Duration deadline) {
    this.work = work;
    this.http = SessionClient.http(connections, deadline);
  }

  /** Sends one request and waits for its outcome. A missing answer is an outcome too, not an exception. */
  public Outcome send() {
    return SessionClient.fetch(http, new HttpGet(work)).outcome();
  }

  /**
   * Fetches a page, whichever call the user makes. Each user has its own address ({@code X-Forwarded-For}) and tenant
   * ({@code X-Tenant}), and a parameter varies the page, so that hashing balancers have distinct keys.
   */
  @Override
  public SessionClient.Answer send(Call call, String user, @Nullable String item, CookieJar cookies) {
    HttpGet request = new HttpGet(work + "&page=" + Math.floorMod(requests.getAndIncrement(), PAGES));
    int hash = user.hashCode() * 0x9E3779B9;
    request.setHeader("X-Forwarded-For",
        "10." + (hash >>> 24) + '.' + (hash >>> 16 & 0xFF) + '.' + (hash >>> 8 & 0xFF));
    request.setHeader("X-Tenant", user);
    return SessionClient.fetch(http, request);
  }

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }
}
