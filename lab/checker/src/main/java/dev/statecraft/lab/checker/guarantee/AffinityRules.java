package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * {@code affinity} loses the sessions that a node held whose process was ended, or was silent for two seconds, so that
 * it had to be taken for dead, by a fault that was injected after the login and before the loss was seen; and those
 * that a node held whose clock was wrong by as much as a session may idle. Nothing else.
 */
final class AffinityRules implements GuaranteeRules {
  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return Set.of(AnomalyKind.LOST_SESSION);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return (anomaly.kind() == AnomalyKind.LOST_SESSION && context.ownerGone(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }
}
