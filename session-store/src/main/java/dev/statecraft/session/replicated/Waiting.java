package dev.statecraft.session.replicated;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits with a deadline, for as many threads as like: they should be virtual. */
final class Waiting {
  private Waiting() {}

  /** Whether the node has applied this index within so many nanoseconds. */
  static boolean reached(AppliedIndex applied, long index, long nanos) {
    CompletableFuture<Void> reached = applied.reached(index);
    try {
      reached.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return applied.value() >= index;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return applied.value() >= index;
    }
  }
}
