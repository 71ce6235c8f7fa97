package dev.statecraft.lab.checker.guarantee;

import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.CHECKOUT_ANOMALIES;
import static dev.statecraft.lab.checker.guarantee.AnomalyGroups.OVERWRITES;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.List;
import java.util.Set;

/**
 * {@code redis} may lose anything after a fault of Redis itself. The last of concurrent writes to one session wins, so
 * two such {@code ADD}s may lose an item or show it for a while; {@code writes=compare-and-set} excludes this. No call
 * restores what a logout or a rotation deleted. {@code confirmed} also excludes losses by a failover. If a node's clock
 * error reaches the session time-out, the sessions that the node served meanwhile may be lost.
 */
public final class RedisRules implements GuaranteeRules {
  private static final Set<AnomalyKind> OF_RACES = AnomalyGroups.union(List.of(OVERWRITES, CHECKOUT_ANOMALIES));

  @Override
  public String strategy() {
    return "redis";
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return isVersioned(context) || !context.sessionsAreShared() ? Set.of() : OF_RACES;
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return (LastWriteWins.overwrote(anomaly, context) && !isVersioned(context))
        || context.lostWithRedis(anomaly, isConfirmed(context));
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
