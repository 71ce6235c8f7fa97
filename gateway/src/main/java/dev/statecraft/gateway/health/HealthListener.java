package dev.statecraft.gateway.health;

import org.jspecify.annotations.Nullable;

/** Hears of each change of a node's status, on the thread that caused it. Must not block. */
@FunctionalInterface
public interface HealthListener {
  /** Tells of one change; {@code cause} is null when the node was admitted. */
  void changed(NodeStatus from, NodeStatus to, @Nullable Cause cause);
}
