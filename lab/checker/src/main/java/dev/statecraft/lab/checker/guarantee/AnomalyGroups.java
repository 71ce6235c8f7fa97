package dev.statecraft.lab.checker.guarantee;

import static dev.statecraft.lab.checker.anomaly.AnomalyKind.*;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Sets of anomaly kinds with a common cause. */
public final class AnomalyGroups {
  public static final Set<AnomalyKind> LOSSES = Set.of(LOST_SESSION, LOST_ACKNOWLEDGED_WRITE);
  public static final Set<AnomalyKind> STALE_READS = Set.of(STALE_READ, BACKWARD_READ);
  public static final Set<AnomalyKind> OWN_CLIENT_READS = Set.of(READ_YOUR_WRITES, MONOTONIC_READS);
  public static final Set<AnomalyKind> CHECKOUT_ANOMALIES = Set.of(FORBIDDEN_TRANSITION, REPEATED_STEP);
  public static final Set<AnomalyKind> LIVE_OLD_IDS = Set.of(RESURRECTION, TWO_LIVE_IDS);
  /** Possible effects of two concurrent writes that each replace the whole cart. */
  public static final Set<AnomalyKind> OVERWRITES = Set.of(LOST_ACKNOWLEDGED_WRITE, LOST_UPDATE, STALE_READ,
      BACKWARD_READ,
      ORDER_DISAGREEMENT, READ_YOUR_WRITES, MONOTONIC_READS, MONOTONIC_WRITES, WRITES_FOLLOW_READS);
  /** Possible anomalies if concurrent writes of one session overwrite each other. */
  public static final Set<AnomalyKind> CONCURRENT_WRITES = union(List.of(OVERWRITES, LIVE_OLD_IDS, CHECKOUT_ANOMALIES));
  /** Possible anomalies if a shared store loses its content. */
  public static final Set<AnomalyKind> OF_A_STORE = union(List.of(CONCURRENT_WRITES, LOSSES));

  private AnomalyGroups() {}

  /** What may be shown if the last of concurrent writes wins: nothing without sessions that clients share. */
  public static Set<AnomalyKind> ofConcurrentWrites(AnomalyContext context) {
    return context.sessionsAreShared() ? CONCURRENT_WRITES : Set.of();
  }

  public static Set<AnomalyKind> union(List<Set<AnomalyKind>> groups) {
    return groups.stream().flatMap(Set::stream).collect(Collectors.toUnmodifiableSet());
  }
}
