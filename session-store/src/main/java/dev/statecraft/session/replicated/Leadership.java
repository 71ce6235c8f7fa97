package dev.statecraft.session.replicated;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/** Who leads, as far as this member knows, and a way to wait for a change of that. Thread-safe, never blocks. */
final class Leadership {
  private final AtomicReference<State> state = new AtomicReference<>(new State(null, System.nanoTime()));

  /** One stretch of time under one leader, or none; {@code over} is done when the next one begins. */
  record State(@Nullable Address leader, long since, CompletableFuture<Void> over) {
    State(@Nullable Address leader, long since) {
      this(leader, since, new CompletableFuture<>());
    }
  }

  State now() {
    return state.get();
  }

  /** Returns whether this was a change. */
  boolean is(@Nullable Address leader) {
    State old = state.get();
    while (!java.util.Objects.equals(old.leader(), leader)) {
      State next = new State(leader, System.nanoTime());
      if (state.compareAndSet(old, next)) {
        old.over().complete(null);
        return true;
      }
      old = state.get();
    }
    return false;
  }
}
