package dev.statecraft.session.affinity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Batches the lookups that this node sends to one peer. While requests are in flight, further lookups wait and share
 * the next request. So if all sessions of a node move at once, they cost a few requests instead of one each, which
 * nodes that have just started could not handle. Thread-safe; never blocks. The caller bounds the number of lookups.
 */
final class LookupBatcher {
  private static final int MAX_REQUESTS_IN_FLIGHT = 2;
  static final int MAX_BATCH_SIZE = 50;

  private record Lookup(String id, CompletableFuture<@Nullable String> result) {}

  private final Function<List<String>, CompletableFuture<Map<String, String>>> send;

  @GuardedBy("this")
  private final Queue<Lookup> waiting = new ArrayDeque<>();

  @GuardedBy("this")
  private int requestsInFlight;

  /**
   * Starts without lookups.
   *
   * @param send asks the peer for the sessions of these ids; returns the node of each session that the peer knows
   */
  LookupBatcher(Function<List<String>, CompletableFuture<Map<String, String>>> send) {
    this.send = send;
  }

  /** Looks up a session. Returns the name of its node, or null if the peer does not know the session. */
  CompletableFuture<@Nullable String> lookUp(String id) {
    Lookup lookup = new Lookup(id, new CompletableFuture<>());
    List<Lookup> batch;
    synchronized (this) {
      waiting.add(lookup);
      batch = nextBatch();
    }
    send(batch);
    return lookup.result();
  }

  @GuardedBy("this")
  private List<Lookup> nextBatch() {
    List<Lookup> batch = new ArrayList<>();
    if (requestsInFlight < MAX_REQUESTS_IN_FLIGHT) {
      while (!waiting.isEmpty() && batch.size() < MAX_BATCH_SIZE) {
        batch.add(waiting.remove());
      }
      requestsInFlight += batch.isEmpty() ? 0 : 1;
    }
    return batch;
  }

  private void send(List<Lookup> batch) {
    if (batch.isEmpty()) {
      return;
    }
    var _ = request(batch.stream().map(Lookup::id).distinct().toList()).whenComplete((nodes, failure) -> {
      List<Lookup> next;
      synchronized (this) {
        requestsInFlight--;
        next = nextBatch();
      }
      send(next);
      for (Lookup lookup : batch) {
        if (failure != null) {
          lookup.result().completeExceptionally(failure);
        } else {
          lookup.result().complete(nodes.get(lookup.id()));
        }
      }
    });
  }

  private CompletableFuture<Map<String, String>> request(List<String> ids) {
    try {
      return send.apply(ids);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}
