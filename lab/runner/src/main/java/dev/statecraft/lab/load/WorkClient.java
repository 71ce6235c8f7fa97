package dev.statecraft.lab.load;

import dev.statecraft.lab.history.Outcome;
import java.net.URI;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.core5.io.CloseMode;

/** Asks one URL of a service without sessions. Thread-safe. */
public final class WorkClient implements AutoCloseable {
  private final URI work;
  private final CloseableHttpClient http;

  /**
   * A client that has no connection yet.
   *
   * @param connections the most that are open at a time
   * @param deadline how long to wait for a connection, and for the next byte of an answer
   */
  public WorkClient(URI work, int connections, Duration deadline) {
    this.work = work;
    this.http = SessionClient.http(connections, deadline);
  }

  /** Asks once and waits for the answer; no answer is an outcome too, never an exception. */
  public Outcome ask() {
    return SessionClient.fetch(http, new HttpGet(work)).outcome();
  }

  @Override
  public void close() {
    http.close(CloseMode.IMMEDIATE);
  }
}
