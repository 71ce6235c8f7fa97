package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;

/** What concurrent requests of a session explain if the last of their writes wins. */
public final class LastWriteWins {
  private LastWriteWins() {}

  /** Tells whether concurrent writes of the session explain the anomaly. */
  public static boolean overwrote(Anomaly anomaly, AnomalyContext context) {
    return (AnomalyGroups.OVERWRITES.contains(anomaly.kind()) && context.overlappingWrites(anomaly))
        || (AnomalyGroups.CHECKOUT_ANOMALIES.contains(anomaly.kind()) && context.overlappingSteps(anomaly));
  }

  /** As {@link #overwrote}, if a call in flight may also restore what a logout or a rotation deleted. */
  public static boolean raced(Anomaly anomaly, AnomalyContext context) {
    return overwrote(anomaly, context)
        || (AnomalyGroups.LIVE_OLD_IDS.contains(anomaly.kind()) && context.overlappedEnd(anomaly));
  }
}
