package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * The anomalies that a strategy documents, and the conditions for each. Stateless.
 *
 * <p>Expiry depends on clocks. If a node's clock error is below the session time-out, no session may be lost; above it,
 * each strategy documents what may be lost. If any clock was wrong, sessions of every strategy may outlive their
 * time-out.
 */
public interface GuaranteeRules {
  /** Documents no anomaly. */
  GuaranteeRules NOTHING = new GuaranteeRules() {
  };

  /**
   * Returns the kinds that the strategy may show in a history with these clients if no fault affects its own servers.
   * {@link AnomalyKind#NOT_LINEARIZABLE} follows from each of them and is not in the set.
   */
  default Set<AnomalyKind> mayShow(AnomalyContext context) {
    return Set.of();
  }

  /** Tells whether the strategy documents the anomaly under its conditions. */
  default boolean allows(Anomaly anomaly, AnomalyContext context) {
    return false;
  }
}
