package dev.statecraft.session.replicated;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds out up to which index a node must have applied to read what was acknowledged before the read began: by an entry
 * in the log, which only a leader with a majority behind it can commit. Reads that come while one entry is on its way
 * share the next one; they cannot use the first, because a write may have been acknowledged after it. Thread-safe.
 */
final class ReadBarrier {
  private final Supplier<Long> entry;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean running;
  private @Nullable CompletableFuture<Long> next;

  /**
   * Makes a barrier.
   *
   * @param entry puts an entry into the log and returns its index; blocks, and gives up by itself
   */
  ReadBarrier(Supplier<Long> entry) {
    this.entry = entry;
  }

  /** The index of an entry that was proposed after this call. */
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
