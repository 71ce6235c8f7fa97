package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * The anomalies that a strategy documents, and the conditions for each. Stateless. The checker finds implementations by
 * {@link java.util.ServiceLoader}; each is a public class with a public constructor without parameters.
 *
 * <p>Expiry depends on clocks. If a node's clock error is below the session time-out, no session may be lost; above it,
 * each strategy documents what may be lost. If any clock was wrong, sessions of every strategy may outlive their
 * time-out.
 */
public interface GuaranteeRules {
  /** The name of the strategy in a history. */
  String strategy();

  /**
   * Returns the rules of the strategy of that name; a strategy without rules on the class path may show no anomaly.
   *
   * @throws java.util.ServiceConfigurationError if two classes on the class path have rules for one strategy
   */
  static GuaranteeRules of(String strategy) {
    return RulesOnClassPath.find(strategy).orElse(() -> strategy);
  }

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
