package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * {@code affinity} may lose the sessions of a node if a fault, injected after the login and before the loss was seen,
 * ended the node's process or made it silent for two seconds. It may also lose the sessions of a node whose clock error
 * reaches the session time-out. Nothing else.
 */
public final class AffinityRules implements GuaranteeRules {
  @Override
  public String strategy() {
    return "affinity";
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return Set.of(AnomalyKind.LOST_SESSION);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return (anomaly.kind() == AnomalyKind.LOST_SESSION && context.ownerFailed(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }
}
