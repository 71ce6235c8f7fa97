package dev.statecraft.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that each send one request after another on a kept connection, GET and POST in turn, and never retry. All
 * failures are recorded.
 */
public final class LoadGenerator implements AutoCloseable {
  private final int port;
  private final String path;
  private final List<Thread> clients = new ArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile boolean stopped;

  public LoadGenerator(int port, String path, int count) {
    this.port = port;
    this.path = path;
    for (int i = 0; i < count; i++) {
      clients.add(Thread.ofVirtual().start(this::run));
    }
  }

  public int answers() {
    return answers.get();
  }

  /** Tells whether a request has failed. */
  public boolean hasFailed() {
    return !failures.isEmpty();
  }

  /** Stops the clients and returns the failures. */
  public List<String> stop() throws InterruptedException {
    stopped = true;
    for (Thread client : clients) {
      client.join();
    }
    return failures;
  }

  @Override
  public void close() {
    stopped = true;
  }

  private void run() {
    int turn = 0;
    while (!stopped) {
      try (RawClient client = RawClient.connect(port)) {
        boolean open = true;
        while (open && !stopped) {
          boolean post = turn++ % 2 == 1;
          client.send((post ? "POST " : "GET ") + path + " HTTP/1.1\r\nHost: shop.example\r\n"
              + (post ? "Content-Length: 2\r\n\r\n{}" : "\r\n"));
          RawClient.Response response = client.readResponse();
          if (response.status() != 200) {
            failures.add((post ? "POST " : "GET ") + response.status() + ' ' + response.body());
            return;
          }
          answers.incrementAndGet();
          open = !response.closes();
        }
      } catch (IOException e) {
        failures.add(e.toString());
        return;
      }
    }
  }
}
