package dev.statecraft.gateway.health;

import java.time.Duration;

/**
 * Decides whether failures of a node can be the fault of one client. A client can send requests that fail at any node:
 * it asks for something slow, or for something that makes the service fail. So the failures of one client are evidence
 * against a node only if they are proven: the same request succeeded at another node. Failures of two clients, with no
 * good answer between them, are evidence too. Not thread-safe.
 */
final class FailureEvidence {
  /** Evidence is forgotten after this time, and so is a failure without evidence. */
  static final Duration VALIDITY = Duration.ofSeconds(10);

  private boolean failing;
  private int client;
  private long failingSince;
  private long lastFailure;
  private boolean found;
  private long foundAt;

  /**
   * Records a failure.
   *
   * @param failedClient identifies the client
   * @return whether the failures before this one are too old to count
   */
  boolean add(int failedClient, long nanoTime) {
    boolean expired = failing && nanoTime - lastFailure > VALIDITY.toNanos();
    if (!failing || expired) {
      failing = true;
      client = failedClient;
      failingSince = nanoTime;
    } else if (failedClient != client) {
      prove(nanoTime);
    }
    lastFailure = nanoTime;
    return expired;
  }

  /** Records that a failed request succeeded at another node. */
  void prove(long nanoTime) {
    found = true;
    foundAt = nanoTime;
  }

  /** Records a good answer. Evidence against the node stays valid, because it may fail now and then. */
  void endRun() {
    failing = false;
  }

  boolean isFound(long nanoTime) {
    return found && nanoTime - foundAt <= VALIDITY.toNanos();
  }

  /** Returns when the first failure since the last good answer was recorded. */
  long failingSince() {
    return failingSince;
  }
}
