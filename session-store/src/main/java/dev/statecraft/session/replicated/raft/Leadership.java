package dev.statecraft.session.replicated.raft;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jgroups.Address;
import org.jspecify.annotations.Nullable;

/** The leader that this member can reach, and a way to wait for a change. Thread-safe, never blocks. */
final class Leadership {
  private final Forwarding forwarding;
  private final AtomicReference<State> state = new AtomicReference<>(new State(null));

  /**
   * A period under one leader, or without one.
   *
   * @param over completes when the next period begins
   */
  record State(@Nullable Address leader, CompletableFuture<Void> over) {
    State(@Nullable Address leader) {
      this(leader, new CompletableFuture<>());
    }
  }

  /** Proposals that were forwarded to another leader fail when the leader changes. */
  Leadership(Forwarding forwarding) {
    this.forwarding = forwarding;
  }

  State now() {
    return state.get();
  }

  /** Whether that member leads; never, if it is null, the address of a channel that is not connected. */
  boolean isLedBy(@Nullable Address member) {
    return member != null && member.equals(now().leader());
  }

  void set(@Nullable Address leader) {
    State old = state.get();
    while (!Objects.equals(old.leader(), leader)) {
      State next = new State(leader);
      if (state.compareAndSet(old, next)) {
        old.over().complete(null);
        forwarding.onlyTo(leader);
        return;
      }
      old = state.get();
    }
  }
}
