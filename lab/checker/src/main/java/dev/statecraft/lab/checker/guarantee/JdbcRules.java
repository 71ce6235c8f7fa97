package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * {@code jdbc} has the races of {@code spring-redis}: the last of concurrent writes wins. A save also writes the
 * session's id, so a call that overlaps a rotation may end the new id. If a node's clock error reaches the session
 * time-out, the node may delete any session as expired. No fault of the lab ends the database, so nothing else may be
 * lost.
 */
public final class JdbcRules implements GuaranteeRules {
  @Override
  public String strategy() {
    return "jdbc";
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return AnomalyGroups.ofConcurrentWrites(context);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return LastWriteWins.raced(anomaly, context)
        || (anomaly.kind() == AnomalyKind.LOST_SESSION
            && (context.overlappedRotation(anomaly) || context.openUnderWrongClock(anomaly)))
        || context.outlivedByWrongClock(anomaly);
  }
}
