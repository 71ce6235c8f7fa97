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
import dev.statecraft.lab.checker.guarantee.SessionStrategy;
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

/**
 * Judges a history: finds its anomalies, each with a proof, and holds them against what the session strategy documents.
 * A pure function of the history as long as the bound is one of steps. Immutable, so safe for any thread.
 *
 * <pre>{@code
 * CheckResult result = new Checker(effects).check(HistoryReader.read(file));
 * }</pre>
 */
public final class Checker {
  /**
   * Within how many operations each of the planted bugs of the checker's own tests is caught, in every run. A history
   * that is much longer and shows nothing says something; a shorter one says little.
   */
  public static final int MIN_OPERATIONS = 600;

  private static final Set<AnomalyKind> LOST_OR_OLD = EnumSet
      .of(AnomalyKind.LOST_ACKNOWLEDGED_WRITE, AnomalyKind.STALE_READ);

  private final Function<String, FaultEffects> effects;
  private final Bound bound;

  /**
   * A checker with the usual bound.
   *
   * @param effects of a fault by the name that the history records; {@link FaultEffects#NONE} for one that excuses
   * nothing
   */
  public Checker(Function<String, FaultEffects> effects) {
    this(effects, Bound.USUAL);
  }

  /**
   * A checker.
   *
   * @param effects as above
   * @param bound of the search for a linearization, for each session
   */
  public Checker(Function<String, FaultEffects> effects, Bound bound) {
    this.effects = effects;
    this.bound = bound;
  }

  /** Judges carts, clients, checkouts, the ends of sessions and linearizability. */
  public CheckResult check(History history) {
    Linearizability.Findings linearizability = Linearizability.check(history, bound);
    List<Anomaly> found = new ArrayList<>(CartChecker.check(history).anomalies());
    found.addAll(linearizability.anomalies());
    found.addAll(SessionChecker.check(history));
    found.addAll(CheckoutChecker.check(history));

    AnomalyContext context = new AnomalyContext(history, effects);
    GuaranteeRules rules = SessionStrategy.rulesOf(history.strategy());
    List<Anomaly> documented = new ArrayList<>();
    List<Anomaly> broken = new ArrayList<>();
    found.stream().filter(anomaly -> anomaly.kind() != AnomalyKind.NOT_LINEARIZABLE)
        .forEach(anomaly -> (rules.allows(anomaly, context) ? documented : broken).add(anomaly));
    Set<String> accused = sessions(broken);
    Set<String> explained = sessions(documented);
    explained.removeAll(accused);
    for (Anomaly anomaly : linearizability.anomalies()) {
      boolean allowed = explained.contains(anomaly.session())
          || (!accused.contains(anomaly.session()) && allowsWhatItMisses(rules, anomaly, context));
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
   * The other checkers find whatever makes a cart fail, so that what they found is what must be documented; but for
   * reads that a logout overtook, of which they say nothing.
   */
  private static boolean allowsWhatItMisses(GuaranteeRules rules, Anomaly anomaly, AnomalyContext context) {
    return anomaly.operations().stream().map(Operation::item).filter(Objects::nonNull).distinct()
        .filter(item -> AnomalyContext.aReadMisses(anomaly, item))
        .anyMatch(item -> LOST_OR_OLD.stream().anyMatch(kind -> rules.allows(
            new Anomaly(kind, anomaly.session(), item, 0, anomaly.explanation(), anomaly.operations()), context)));
  }

  private static Set<String> sessions(Collection<Anomaly> anomalies) {
    Set<String> sessions = new HashSet<>();
    anomalies.forEach(anomaly -> sessions.add(anomaly.session()));
    return sessions;
  }
}
