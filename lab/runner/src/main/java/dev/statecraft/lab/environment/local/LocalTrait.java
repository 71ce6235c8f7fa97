package dev.statecraft.lab.environment.local;

import dev.statecraft.lab.environment.local.process.ClockSkew;
import dev.statecraft.lab.environment.local.process.NetworkNamespaces;
import java.util.Optional;

/** What not every local cluster has, because it costs something or not every machine can do it. */
public enum LocalTrait {
  /** The stateful nodes and their Redis can be cut off from each other. */
  PARTITIONABLE,
  /** Redis is a primary with replicas, under sentinels, and not a server alone. */
  SENTINELS,
  /** Nodes can join and leave: each strategy has a further one that does not run yet. */
  SCALABLE,
  /** Each stateful node has a wall clock of its own. */
  OWN_CLOCKS;

  /** Why a cluster of this machine cannot have it, in words; empty where it can. */
  public Optional<String> unsupportedReason() {
    return switch (this) {
      case PARTITIONABLE -> NetworkNamespaces.unsupportedReason();
      case OWN_CLOCKS -> ClockSkew.unsupportedReason();
      case SENTINELS, SCALABLE -> Optional.empty();
    };
  }
}
