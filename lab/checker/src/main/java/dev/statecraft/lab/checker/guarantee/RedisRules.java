package dev.statecraft.lab.checker.guarantee;

import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.LOSSES;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OF_CHECKOUT;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OLD_IDS;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OVERWRITES;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * {@code redis}: once a fault hit Redis itself, whatever Redis lost. Of concurrent writes to one session the last wins:
 * what two such {@code ADD}s lose, or show and take back; and a call under way may bring back what a logout or a
 * rotation deletes. With {@code writes=compare-and-set} neither of these two; with {@code confirmed}, nor what a
 * failover loses. A node whose clock was wrong by as much as a session may idle loses the sessions that it answered for
 * meanwhile.
 */
final class RedisRules implements GuaranteeRules {
  private static final Set<AnomalyKind> OF_THE_STORE = AnomalyGroups.union(OVERWRITES, OLD_IDS, LOSSES, OF_CHECKOUT);

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return context.sessionsAreShared() && !isVersioned(context) ? AnomalyGroups.OF_CONCURRENT_WRITES : Set.of();
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    return (raced(anomaly, context) && !isVersioned(context))
        || (OF_THE_STORE.contains(kind) && context.storeWasHit(anomaly, isConfirmed(context)))
        || (kind == AnomalyKind.LOST_SESSION && context.metAWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }

  private static boolean raced(Anomaly anomaly, AnomalyContext context) {
    return (OVERWRITES.contains(anomaly.kind()) && context.overlappingWrites(anomaly))
        || (OLD_IDS.contains(anomaly.kind()) && context.overlappedEnd(anomaly))
        || (OF_CHECKOUT.contains(anomaly.kind()) && context.overlappingSteps(anomaly));
  }

  /** Whether Redis refuses a write that another request was faster than. */
  private static boolean isVersioned(AnomalyContext context) {
    return Writes.COMPARE_AND_SET.equals(context.history().writes()) || isConfirmed(context);
  }

  /** Whether a write is acknowledged only when the replicas have it. */
  private static boolean isConfirmed(AnomalyContext context) {
    return Writes.CONFIRMED.equals(context.history().writes());
  }
}
