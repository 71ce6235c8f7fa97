package dev.statecraft.lab.checker.guarantee;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import java.util.Set;

/**
 * What a strategy documents that it may lose or show, and when. Stateless.
 *
 * <p>When sessions expire is a matter of clocks. Where a node's clock was wrong by less than a session may idle,
 * nothing may be lost; where by more, each strategy says what may. Where any clock was wrong, sessions of every
 * strategy may live longer than their time-out.
 */
public interface GuaranteeRules {
  /** No anomaly is documented. */
  GuaranteeRules NOTHING = new GuaranteeRules() {
    @Override
    public Set<AnomalyKind> mayShow(AnomalyContext context) {
      return Set.of();
    }

    @Override
    public boolean allows(Anomaly anomaly, AnomalyContext context) {
      return false;
    }
  };

  /**
   * The kinds that the strategy may show in a history with these clients, as long as no fault hits its own servers.
   * {@link AnomalyKind#NOT_LINEARIZABLE} follows from any of them and need not be named.
   */
  Set<AnomalyKind> mayShow(AnomalyContext context);

  /** Whether the strategy documents an anomaly in its circumstances. */
  boolean allows(Anomaly anomaly, AnomalyContext context);
}
