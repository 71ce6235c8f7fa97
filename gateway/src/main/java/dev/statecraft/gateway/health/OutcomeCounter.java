package dev.statecraft.gateway.health;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the outcomes of a node's attempts in the current interval. A client can send requests that fail at any node,
 * so a failure counts if the same request was answered well by another node, or if it can be paired with a failure of
 * another client (the pairing of Boyer and Moore, "MJRTY", 1991, which needs no list of clients). Failures of one
 * client alone never count. Thread-safe; recording a good answer takes no lock.
 */
final class OutcomeCounter {
  private final LongAdder good = new LongAdder();
  @GuardedBy("this")
  private long proven;
  @GuardedBy("this")
  private long paired;
  @GuardedBy("this")
  private long unpaired;
  /** The client of all failures that are not paired. */
  @GuardedBy("this")
  private int unpairedClient;

  void succeeded() {
    good.increment();
  }

  synchronized void failed(int client) {
    if (unpaired > 0 && unpairedClient != client) {
      unpaired--;
      paired += 2;
    } else {
      unpairedClient = client;
      unpaired++;
    }
  }

  /** Records a failure that no client can cause. */
  synchronized void provenFailure() {
    proven++;
  }

  /** Records that a request of this client, whose failure was recorded, was answered well by another node. */
  synchronized void prove(int client) {
    if (unpaired > 0 && unpairedClient == client) {
      unpaired--;
      proven++;
    }
  }

  /** Returns the outcomes since the last call, and begins another interval. */
  synchronized Outcomes drain() {
    Outcomes outcomes = new Outcomes(good.sumThenReset(), proven + paired);
    proven = 0;
    paired = 0;
    unpaired = 0;
    return outcomes;
  }
}
