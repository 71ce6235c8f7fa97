package dev.statecraft.gateway.adversary;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Hostile clients that open one connection after another. */
final class Attackers implements AutoCloseable {
  private static final int PAUSE_AFTER_REFUSAL_MILLIS = 10;

  private final Attack attack;
  private final int port;
  private final List<Thread> clients = new ArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile boolean stopped;

  Attackers(Attack attack, int port, int count) {
    this.attack = attack;
    this.port = port;
    for (int i = 0; i < count; i++) {
      clients.add(Thread.ofVirtual().start(this::run));
    }
  }

  /** Returns the number of connections that have been opened. */
  int connections() {
    return connections.get();
  }

  private void run() {
    try {
      while (!stopped) {
        try (HostileConnection connection = new HostileConnection(port, attack.receiveBytes(), () -> stopped)) {
          connections.incrementAndGet();
          attack.abuse(connection);
        } catch (IOException refused) {
          // The gateway may close the connection of a hostile client at any time.
          Pause.millis(PAUSE_AFTER_REFUSAL_MILLIS);
        }
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the attack, and waits until all connections are closed. */
  @Override
  public void close() {
    stopped = true;
    // Also ends a write that blocks, because the gateway does not read.
    clients.forEach(Thread::interrupt);
    try {
      for (Thread client : clients) {
        client.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
