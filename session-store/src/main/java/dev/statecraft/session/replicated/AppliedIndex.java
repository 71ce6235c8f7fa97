package dev.statecraft.session.replicated;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * How much of the log this node has applied, and who waits for more of it. Thread-safe: one thread advances it, any
 * number read it and wait. Those that need not wait take no lock.
 */
final class AppliedIndex {
  private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
  private volatile long value;

  long value() {
    return value;
  }

  /** Only ever goes up; what is lower is ignored. */
  void advanceTo(long index) {
    if (index <= value) {
      return;
    }
    value = index;
    while (true) {
      Map.Entry<Long, CompletableFuture<Void>> first = waiting.firstEntry();
      if (first == null || first.getKey() > index) {
        return;
      }
      waiting.remove(first.getKey(), first.getValue());
      first.getValue().complete(null);
    }
  }

  /** Done once the node has applied this index; all who wait for one index share one future. */
  CompletableFuture<Void> reached(long index) {
    if (value >= index) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> future = waiting.computeIfAbsent(index, key -> new CompletableFuture<>());
    if (value >= index) {
      // The index was reached between the look and the entry, so perhaps nobody saw the entry.
      waiting.remove(index, future);
      future.complete(null);
    }
    return future;
  }

  /** Forgets waits that nobody can be interested in any more, so that they do not add up while nothing is applied. */
  void abandon(long index, CompletableFuture<Void> future) {
    waiting.remove(index, future);
  }
}
