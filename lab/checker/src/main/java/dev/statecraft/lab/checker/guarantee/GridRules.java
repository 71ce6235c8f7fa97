package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * A data grid in the memory of the nodes has the races of {@code spring-redis}: the last of concurrent writes wins.
 * After a partition, or after a node was silent for two seconds, it may show anything, because all sides accept writes
 * and one side's are lost when they merge. It may lose anything after more nodes ended together than it has backups, or
 * all of them. If a node's clock error reaches the session time-out, sessions may be lost.
 */
abstract sealed class GridRules implements GuaranteeRules permits HazelcastRules, InfinispanRules {
  private static final Set<AnomalyKind> OF_A_SPLIT = AnomalyGroups.OF_A_STORE;

  private final String strategy;
  private final int backups;

  /**
   * Makes the rules of a grid.
   *
   * @param backups how many nodes may end together without a loss, if another one lives
   */
  GridRules(String strategy, int backups) {
    this.strategy = strategy;
    this.backups = backups;
  }

  @Override
  public String strategy() {
    return strategy;
  }

  @Override
  public Set<AnomalyKind> mayShow(AnomalyContext context) {
    return AnomalyGroups.ofConcurrentWrites(context);
  }

  @Override
  public boolean allows(Anomaly anomaly, AnomalyContext context) {
    return LastWriteWins.raced(anomaly, context)
        || (OF_A_SPLIT.contains(anomaly.kind())
            && (context.split(anomaly) || context.endedTogether(anomaly, backups)))
        || (anomaly.kind() == AnomalyKind.LOST_SESSION && context.openUnderWrongClock(anomaly))
        || context.outlivedByWrongClock(anomaly);
  }
}
