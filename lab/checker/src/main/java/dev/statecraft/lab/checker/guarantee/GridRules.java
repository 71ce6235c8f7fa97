package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.List;
import java.util.Set;

/**
 * A data grid in the memory of the nodes has the races of {@code redis} without a write mode: the last of concurrent
 * writes wins. After a partition, or after a node was silent for two seconds, it may show anything, because all sides
 * accept writes and one side's are lost when they merge. It may lose anything after more nodes ended together than it
 * has backups, or all of them. If a node's clock error reaches the session time-out, sessions may be lost.
 *
 * @param backups how many nodes may end together without a loss, if another one lives
 */
record GridRules(int backups) implements GuaranteeRules {
  private static final Set<AnomalyKind> OF_A_SPLIT = AnomalyGroups
      .union(List.of(AnomalyGroups.CONCURRENT_WRITES, AnomalyGroups.LOSSES));

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return AnomalyGroups.ofConcurrentWrites(context);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return RedisRules.raced(anomaly, context)
        || (OF_A_SPLIT.contains(anomaly.kind())
            && (context.split(anomaly) || context.endedTogether(anomaly, backups)))
        || (anomaly.kind() == AnomalyKind.LOST_SESSION && context.openUnderWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }
}
