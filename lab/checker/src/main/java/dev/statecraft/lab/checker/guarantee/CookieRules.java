package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * {@code cookie} may lose what concurrent calls of one session's clients write, because they overwrite each other's
 * cookie, and may accept old cookies. If a node's clock error reaches the session time-out, the sessions that the node
 * served meanwhile may be lost.
 */
public final class CookieRules implements GuaranteeRules {
  @Override
  public String strategy() {
    return "cookie";
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return AnomalyGroups.ofConcurrentWrites(context);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    AnomalyKind kind = anomaly.kind();
    return (AnomalyGroups.CHECKOUT_ANOMALIES.contains(kind) && !AnomalyContext.concernsOneClient(anomaly))
        || (AnomalyGroups.OVERWRITES.contains(kind) && context.overlappingClients(anomaly))
        || AnomalyGroups.LIVE_OLD_IDS.contains(kind)
        || (kind == AnomalyKind.LOST_SESSION && context.servedUnderWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }
}
