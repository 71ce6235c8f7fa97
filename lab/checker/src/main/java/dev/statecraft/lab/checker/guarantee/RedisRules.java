package dev.statecraft.lab.checker.guarantee;

import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.LOSSES;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.CHECKOUT_ANOMALIES;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.LIVE_OLD_IDS;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OVERWRITES;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.List;
import java.util.Set;

/**
 * {@code redis}, and {@code spring-redis} as without a write mode, may lose anything after a fault of Redis itself. The
 * last of concurrent writes to one session wins, so two such {@code ADD}s may lose an item or show it for a while, and
 * a concurrent call may restore what a logout or a rotation deleted. {@code writes=compare-and-set} excludes these two;
 * {@code confirmed} also excludes losses by a failover. If a node's clock error reaches the session time-out, the
 * sessions that the node served meanwhile may be lost.
 */
final class RedisRules implements GuaranteeRules {
  private static final Set<AnomalyKind> OF_THE_STORE = AnomalyGroups
      .union(List.of(OVERWRITES, LIVE_OLD_IDS, LOSSES, CHECKOUT_ANOMALIES));

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return isVersioned(context) ? Set.of() : AnomalyGroups.ofConcurrentWrites(context);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    return (raced(anomaly, context) && !isVersioned(context))
        || (OF_THE_STORE.contains(kind) && context.storeFailed(anomaly, isConfirmed(context)))
        || (kind == AnomalyKind.LOST_SESSION && context.servedUnderWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }

  /** Tells whether concurrent requests of the session explain the anomaly, if the last of their writes wins. */
  static boolean raced(Anomaly anomaly, AnomalyContext context) {
    return (OVERWRITES.contains(anomaly.kind()) && context.overlappingWrites(anomaly))
        || (LIVE_OLD_IDS.contains(anomaly.kind()) && context.overlappedEnd(anomaly))
        || (CHECKOUT_ANOMALIES.contains(anomaly.kind()) && context.overlappingSteps(anomaly));
  }

  /** Tells whether Redis rejects the loser of two concurrent writes. */
  private static boolean isVersioned(AnomalyContext context) {
    return Writes.COMPARE_AND_SET.equals(context.history().writes()) || isConfirmed(context);
  }

  /** Tells whether a write is acknowledged only after the replicas have it. */
  private static boolean isConfirmed(AnomalyContext context) {
    return Writes.CONFIRMED.equals(context.history().writes());
  }
}
