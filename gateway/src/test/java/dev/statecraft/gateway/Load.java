package dev.statecraft.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Clients that ask one after the other over kept connections, GET and POST in turn, and repeat nothing: each failure is
 * told.
 */
public final class Load implements AutoCloseable {
  private final int port;
  private final String path;
  private final List<Thread> clients = new ArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final AtomicInteger answers = new AtomicInteger();
  private volatile boolean over;

  public Load(int port, String path, int count) {
    this.port = port;
    this.path = path;
    for (int i = 0; i < count; i++) {
      clients.add(Thread.ofVirtual().start(this::run));
    }
  }

  public int answers() {
    return answers.get();
  }

  /** Ends the load and returns what failed. */
  public List<String> failures() throws InterruptedException {
    over = true;
    for (Thread client : clients) {
      client.join();
    }
    return failures;
  }

  @Override
  public void close() {
    over = true;
  }

  private void run() {
    int turn = 0;
    while (!over) {
      try (RawClient client = RawClient.connect(port)) {
        boolean open = true;
        while (open && !over) {
          boolean post = turn++ % 2 == 1;
          client.send((post ? "POST " : "GET ") + path + " HTTP/1.1\r\nHost: shop.example\r\n"
              + (post ? "Content-Length: 2\r\n\r\n{}" : "\r\n"));
          RawClient.Answer answer = client.answer();
          if (answer.status() != 200) {
            failures.add((post ? "POST " : "GET ") + answer.status() + ' ' + answer.body());
            return;
          }
          answers.incrementAndGet();
          open = !answer.closes();
        }
      } catch (IOException e) {
        failures.add(e.toString());
        return;
      }
    }
  }
}
