package dev.statecraft.lab.checker;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.anomaly.Verdict;
import dev.statecraft.lab.checker.cart.CartChecker;
import dev.statecraft.lab.checker.cart.CheckoutChecker;
import dev.statecraft.lab.checker.cart.SessionChecker;
import dev.statecraft.lab.checker.guarantee.AnomalyContext;
import dev.statecraft.lab.checker.guarantee.FaultEffects;
import dev.statecraft.lab.checker.guarantee.GuaranteeRules;
import dev.statecraft.lab.checker.linearizability.Linearizability;
import dev.statecraft.lab.checker.linearizability.Linearization.Bound;
import dev.statecraft.lab.history.History;
import dev.statecraft.lab.history.Operation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Checks a history: finds its anomalies, each with a proof, and compares them with the guarantee that the session
 * strategy documents. A pure function of the history if the bound limits steps only. Immutable and thread-safe.
 *
 * <pre>{@code
 * CheckResult result = new Checker(effects).check(HistoryReader.read(file));
 * }</pre>
 *
 * @param effects returns the effects of a fault by the name in the history; {@link FaultEffects#NONE} for a fault that
 * excuses nothing
 * @param bound of the linearizability search in each session
 */
public record Checker(Function<String, FaultEffects> effects, Bound bound) {
  /**
   * The number of operations within which the checker finds each planted bug of its own tests, in every run. A shorter
   * history without anomalies proves little.
   */
  public static final int MIN_OPERATIONS = 600;

  private static final Set<AnomalyKind> LOST_OR_STALE = EnumSet.of(AnomalyKind.LOST_ACKNOWLEDGED_WRITE,
      AnomalyKind.STALE_READ);

  /** Makes a checker with the default bound. */
  public Checker(Function<String, FaultEffects> effects) {
    this(effects, Bound.DEFAULT);
  }

  /** Checks carts, session guarantees, checkouts, session terminations and linearizability. */
  public CheckResult check(History history) {
    Linearizability.Findings linearizability = Linearizability.check(history, bound);
    List<Anomaly> found = new ArrayList<>(CartChecker.check(history).anomalies());
    found.addAll(linearizability.anomalies());
    found.addAll(SessionChecker.check(history));
    found.addAll(CheckoutChecker.check(history));

    AnomalyContext context = new AnomalyContext(history, effects);
    GuaranteeRules rules = GuaranteeRules.of(history.strategy());
    List<Anomaly> documented = new ArrayList<>();
    List<Anomaly> broken = new ArrayList<>();
    found.stream().filter(anomaly -> anomaly.kind() != AnomalyKind.NOT_LINEARIZABLE)
        .forEach(anomaly -> (rules.allows(anomaly, context) ? documented : broken).add(anomaly));
    Set<String> brokenSessions = sessions(broken);
    Set<String> documentedSessions = sessions(documented);
    documentedSessions.removeAll(brokenSessions);
    for (Anomaly anomaly : linearizability.anomalies()) {
      boolean allowed = documentedSessions.contains(anomaly.session())
          || (!brokenSessions.contains(anomaly.session()) && allowsMissingItem(rules, anomaly, context));
      (allowed ? documented : broken).add(anomaly);
    }
    Set<AnomalyKind> mayShow = rules.mayShow(context);
    if (!mayShow.isEmpty()) {
      mayShow = EnumSet.copyOf(mayShow);
      mayShow.add(AnomalyKind.NOT_LINEARIZABLE);
    }
    return new CheckResult(new Verdict(history.operations().size(), found), mayShow, documented, broken,
        linearizability.sessions(), linearizability.undecided());
  }

  /**
   * The other checkers find each cause of a failed search, so their anomalies decide whether it is documented. The
   * exception is a read that a logout overtook, which they do not report.
   */
  private static boolean allowsMissingItem(GuaranteeRules rules, Anomaly anomaly, AnomalyContext context) {
    return anomaly.operations().stream().map(Operation::item).filter(Objects::nonNull).distinct()
        .filter(item -> AnomalyContext.anyReadMisses(anomaly, item))
        .anyMatch(item -> LOST_OR_STALE.stream().anyMatch(kind -> rules.allows(
            new Anomaly(kind, anomaly.session(), item, 0, anomaly.explanation(), anomaly.operations()), context)));
  }

  private static Set<String> sessions(Collection<Anomaly> anomalies) {
    return anomalies.stream().map(Anomaly::session).collect(Collectors.toCollection(HashSet::new));
  }
}
