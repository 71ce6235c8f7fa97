package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.NetworkNamespaces;
import java.util.Optional;

/** An optional capability of a local cluster: it has a cost, or the machine may not support it. */
public enum LocalTrait {
  /** The stateful nodes and their Redis can be partitioned from each other. */
  PARTITIONABLE,
  /** Redis has replicas and sentinels. */
  SENTINELS,
  /** Nodes can join and leave; each strategy has a spare node, which is not running initially. */
  SCALABLE,
  /** Each stateful node has its own wall clock. */
  OWN_CLOCKS;

  /** Why this machine does not support the trait; empty if it does. */
  public Optional<String> unsupportedReason() {
    return switch (this) {
      case PARTITIONABLE -> NetworkNamespaces.unsupportedReason();
      case OWN_CLOCKS -> ClockSkew.unsupportedReason();
      case SENTINELS, SCALABLE -> Optional.empty();
    };
  }
}
