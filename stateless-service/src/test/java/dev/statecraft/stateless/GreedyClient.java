package dev.statecraft.stateless;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends requests as fast as it can, far ahead of the answers, and connects anew whenever it is closed. */
public final class GreedyClient implements AutoCloseable {
  private static final String REQUESTS = "GET /whoami HTTP/1.1\r\nHost: greedy\r\n\r\n".repeat(50);

  private final ServiceUnderTest service;
  private final AtomicLong answers = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable RawClient current;

  /** Starts to send. */
  public GreedyClient(ServiceUnderTest service) {
    this.service = service;
    this.thread = Thread.ofVirtual().name("greedy").start(this::run);
  }

  /** About how many answers it has read so far. */
  public long answers() {
    return answers.get();
  }

  private void run() {
    while (!stopped) {
      try (RawClient client = service.connect()) {
        current = client;
        if (stopped) {
          return;
        }
        Thread.ofVirtual().start(() -> send(client));
        String read = client.readSome();
        while (!stopped && !read.isEmpty()) {
          // One that is cut in two by the end of a read is not counted, which is near enough.
          answers.addAndGet(read.split("\"node\"", -1).length - 1);
          read = client.readSome();
        }
      } catch (IOException closed) {
        // The service ends a connection after so many requests.
      }
    }
  }

  private void send(RawClient client) {
    try {
      while (!stopped) {
        client.send(REQUESTS);
      }
    } catch (IOException closed) {
      // The reading side connects anew.
    }
  }

  @Override
  public void close() {
    stopped = true;
    RawClient last = current;
    try {
      if (last != null) {
        // It may wait for an answer to what it has not sent.
        last.close();
      }
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
