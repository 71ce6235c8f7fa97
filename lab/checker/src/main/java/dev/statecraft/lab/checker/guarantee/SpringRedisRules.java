package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * {@code spring-redis} may show what {@code redis} without a write mode shows, and a call that overlaps a logout or a
 * rotation may restore what it deleted.
 */
public final class SpringRedisRules implements GuaranteeRules {
  @Override
  public String strategy() {
    return "spring-redis";
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return AnomalyGroups.ofConcurrentWrites(context);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return LastWriteWins.raced(anomaly, context) || context.lostWithRedis(anomaly, false);
  }
}
