package dev.statecraft.session.replicated.raft;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Index of the last log entry that this node has applied, and the waits for a higher one. Thread-safe: one thread
 * advances it, any number of threads read it and wait. A wait for an index that is applied already takes no lock.
 */
final class AppliedIndex {
  private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();
  private volatile long value;

  long value() {
    return value;
  }

  /** Raises the index; a lower one is ignored. */
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

  /** Completes once this index is applied. All waits for one index share one future. */
  private CompletableFuture<Void> reached(long index) {
    if (value >= index) {
      return CompletableFuture.completedFuture(null);
    }
    CompletableFuture<Void> future = waiting.computeIfAbsent(index, key -> new CompletableFuture<>());
    if (value >= index) {
      // The index was reached before the future was in the map, so advanceTo may have missed it.
      waiting.remove(index, future);
      future.complete(null);
    }
    return future;
  }

  /** Waits until this index is applied or the timeout expires; returns whether it is applied. */
  boolean await(long index, Duration timeout) {
    try {
      reached(index).get(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return value >= index;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return value >= index;
    }
  }
}
