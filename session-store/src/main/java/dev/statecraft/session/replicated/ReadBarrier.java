package dev.statecraft.session.replicated;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the index that a node must have applied for a linearizable read, by a log entry, which only a leader with a
 * majority can commit. Reads that arrive while one entry is in flight share the next one; they cannot use the first,
 * because a write may have been acknowledged after it. Thread-safe.
 */
final class ReadBarrier {
  private final Supplier<Long> entry;
  private final ReentrantLock lock = new ReentrantLock();
  @GuardedBy("lock")
  private boolean running;
  @GuardedBy("lock")
  private @Nullable CompletableFuture<Long> next;

  /**
   * Creates a barrier.
   *
   * @param entry appends an entry to the log and returns its index; blocks, with a timeout of its own
   */
  ReadBarrier(Supplier<Long> entry) {
    this.entry = entry;
  }

  /** Completes with the index of an entry that is proposed after this call. */
  CompletableFuture<Long> await() {
    lock.lock();
    try {
      CompletableFuture<Long> joined = next;
      if (joined == null) {
        joined = new CompletableFuture<>();
        next = joined;
      }
      if (!running) {
        running = true;
        Thread.ofVirtual().name("read-barrier").start(this::run);
      }
      return joined;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      CompletableFuture<Long> served;
      lock.lock();
      try {
        served = next;
        next = null;
        if (served == null) {
          running = false;
          return;
        }
      } finally {
        lock.unlock();
      }
      try {
        served.complete(entry.get());
      } catch (RuntimeException e) {
        served.completeExceptionally(e);
      }
    }
  }
}
