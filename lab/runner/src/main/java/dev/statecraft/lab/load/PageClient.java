package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Operation.Call;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;
import org.jspecify.annotations.Nullable;

/**
 * Visitors of a service without sessions: whatever a user wants to call, a page is fetched. Each user has an address of
 * its own ({@code X-Forwarded-For}) and is a tenant of its own ({@code X-Tenant}), and asks for one page of many, so
 * that a balancer that hashes any of these has something to hash. Thread-safe.
 */
public final class PageClient implements SessionCalls, AutoCloseable {
  private static final int PAGES = 997;

  private final URI work;
  private final CloseableHttpClient http;
  private final AtomicInteger asked = new AtomicInteger();

  /**
   * A client that has no connection yet.
   *
   * @param work what is asked for, with a query to which the page is added
   * @param connections the most that are open at a time
   * @param deadline how long to wait for a connection, and for the next byte of an answer
   */
  public PageClient(URI work, int connections, Duration deadline) {
    this.work = work;
    this.http = SessionClient.http(connections, deadline);
  }

  @Override
  public SessionClient.Answer send(Call call, String user, @Nullable String item, CookieJar cookies) {
    HttpGet request = new HttpGet(work + "&page=" + Math.floorMod(asked.getAndIncrement(), PAGES));
    request.setHeader("X-Forwarded-For", address(user));
    request.setHeader("X-Tenant", user);
    return SessionClient.fetch(http, request);
  }

  private static String address(String user) {
    int hash = user.hashCode() * 0x9E3779B9;
    return "10." + (hash >>> 24) + '.' + (hash >>> 16 & 0xFF) + '.' + (hash >>> 8 & 0xFF);
  }

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }
}
