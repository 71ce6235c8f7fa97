package dev.statecraft.service.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Sends requests as fast as possible without waiting for answers, and reconnects when its connection is closed. */
public final class GreedyClient implements AutoCloseable {
  private static final String REQUESTS = "GET /whoami HTTP/1.1\r\nHost: greedy\r\n\r\n".repeat(50);

  private final ServiceUnderTest service;
  private final AtomicLong answers = new AtomicLong();
  private final Thread thread;
  private volatile boolean stopped;
  private volatile @Nullable RawClient current;

  /** Starts sending. */
  public GreedyClient(ServiceUnderTest service) {
    this.service = service;
    this.thread = Thread.ofVirtual().name("greedy").start(this::run);
  }

  /** Approximate number of answers so far. */
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
          // Misses an answer that is split between two reads.
          answers.addAndGet(read.split("\"node\"", -1).length - 1);
          read = client.readSome();
        }
      } catch (IOException closed) {
        // The service closes a connection after a number of requests.
      }
    }
  }

  private void send(RawClient client) {
    try {
      while (!stopped) {
        client.send(REQUESTS);
      }
    } catch (IOException closed) {
      // The reading side reconnects.
    }
  }

  @Override
  public void close() {
    stopped = true;
    RawClient last = current;
    try {
      if (last != null) {
        // Unblocks a read of an answer to a request that was not sent.
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
