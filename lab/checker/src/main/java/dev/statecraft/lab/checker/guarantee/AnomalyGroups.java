package dev.statecraft.lab.checker.guarantee;

import static dev.statecraft.lab.checker.anomaly.AnomalyKind.*;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.EnumSet;
import java.util.Set;

/** Kinds of anomalies that have one cause. */
final class AnomalyGroups {
  static final Set<AnomalyKind> LOSSES = Set.of(LOST_SESSION, LOST_ACKNOWLEDGED_WRITE);
  static final Set<AnomalyKind> OLD_READS = Set.of(STALE_READ, BACKWARD_READ);
  static final Set<AnomalyKind> OWN_PAST = Set.of(READ_YOUR_WRITES, MONOTONIC_READS);
  static final Set<AnomalyKind> OF_CHECKOUT = Set.of(FORBIDDEN_TRANSITION, REPEATED_STEP);
  static final Set<AnomalyKind> OLD_IDS = Set.of(RESURRECTION, TWO_LIVE_IDS);
  /** What can come of two writes of which each replaces the whole cart. */
  static final Set<AnomalyKind> OVERWRITES = Set.of(LOST_ACKNOWLEDGED_WRITE, LOST_UPDATE, STALE_READ, BACKWARD_READ,
      ORDER_DISAGREEMENT, READ_YOUR_WRITES, MONOTONIC_READS, MONOTONIC_WRITES, WRITES_FOLLOW_READS);
  /** What clients of one session may meet where concurrent writes of it overwrite each other. */
  static final Set<AnomalyKind> OF_CONCURRENT_WRITES = union(OVERWRITES, OLD_IDS, OF_CHECKOUT);

  private AnomalyGroups() {}

  @SafeVarargs
  static Set<AnomalyKind> union(Set<AnomalyKind>... groups) {
    Set<AnomalyKind> union = EnumSet.noneOf(AnomalyKind.class);
    for (Set<AnomalyKind> group : groups) {
      union.addAll(group);
    }
    return Set.copyOf(union);
  }
}
