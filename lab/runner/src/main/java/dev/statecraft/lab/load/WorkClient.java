package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Outcome;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/** Requests one URL of a service without sessions. Thread-safe. */
public final class WorkClient implements AutoCloseable {
  private final URI work;
  private final CloseableHttpClient http;

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

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }
}
