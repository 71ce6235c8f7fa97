package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * {@code cookie}: what concurrent calls of several clients of one session lose, who overwrite each other's cookie; and
 * old cookies that still answer. A node whose clock was wrong by as much as a session may idle loses the sessions that
 * it answered for meanwhile.
 */
final class CookieRules implements GuaranteeRules {
  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return context.sessionsAreShared() ? AnomalyGroups.OF_CONCURRENT_WRITES : Set.of();
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    return (AnomalyGroups.OF_CHECKOUT.contains(kind) && !AnomalyContext.concernsOneClient(anomaly))
        || (AnomalyGroups.OVERWRITES.contains(kind) && context.overlappingClients(anomaly))
        || AnomalyGroups.OLD_IDS.contains(kind) || (kind == AnomalyKind.LOST_SESSION && context.metAWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }
}
