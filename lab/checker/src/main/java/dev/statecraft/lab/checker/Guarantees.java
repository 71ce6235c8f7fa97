package dev.statecraft.lab.checker;

import static dev.statecraft.lab.checker.anomaly.AnomalyKind.*;

import dev.statecraft.lab.checker.anomaly.Anomaly;
import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.checker.cart.CartChecker;
import dev.statecraft.lab.checker.cart.CheckoutChecker;
import dev.statecraft.lab.checker.cart.SessionChecker;
import dev.statecraft.lab.checker.guarantee.FaultContext;
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
import java.util.function.Predicate;

/**
 * What each strategy documents that it may lose or show, and when. A pure function of a history; a strategy that it
 * does not know may show nothing.
 * <ul>
 * <li>{@code affinity}: loses the sessions that a node held whose process was ended, or was silent for two seconds, so
 * that it had to be taken for dead, by a fault that struck after the login and before the loss was seen; nothing else.
 * <li>{@code redis}: once a fault hit Redis itself, whatever Redis lost. Of concurrent writes to one session the last
 * wins: what two such {@code ADD}s lose, or show and take back; and a call under way may bring back what a logout or a
 * rotation deletes. With {@code writes=compare-and-set} neither of these two; with {@code confirmed}, nor what a
 * failover loses.
 * <li>{@code cookie}: the same of concurrent calls of several clients of one session, who overwrite each other's
 * cookie; and old cookies that still answer.
 * <li>{@code replicated}: with {@code reads=linearizable}, nothing. With {@code session}, a client may read the past of
 * <em>other</em> clients of its session, never its own, as long as clients do not share one cookie jar: of two answers
 * that overtake each other the older token may stay, and what it has not seen is then not waited for. With
 * {@code local}, stale and backward reads, and what looks like a loss within five seconds of the write or of a fault,
 * for a node that lags cannot be told from a loss. In every mode, whatever was lost once the disks of a majority were
 * wiped at one time.</ul>
 * When sessions expire is a matter of clocks. Where a node's was wrong by less than a session may idle, nothing is
 * lost; where by more, {@code affinity} may lose the sessions that this node held, {@code redis} and {@code cookie}
 * those that it answered for meanwhile, {@code replicated} all that were open meanwhile, for the leader's clock
 * decides. And where any was wrong, sessions may live longer than their time-out.
 */
public final class Guarantees {
  /**
   * Within how many operations each of the planted bugs of the judges' own tests is caught, in every run. A history
   * that is much longer and shows nothing says something; a shorter one says little.
   */
  public static final int CONTROLS_NEED = 600;

  private static final Set<AnomalyKind> LOSSES = Set.of(LOST_SESSION, LOST_ACKNOWLEDGED_WRITE);
  private static final Set<AnomalyKind> LOST_OR_OLD = Set.of(LOST_ACKNOWLEDGED_WRITE, STALE_READ);
  private static final Set<AnomalyKind> OLD_READS = Set.of(STALE_READ, BACKWARD_READ);
  private static final Set<AnomalyKind> OWN_PAST = Set.of(READ_YOUR_WRITES, MONOTONIC_READS);
  private static final Set<AnomalyKind> OF_CHECKOUT = Set.of(FORBIDDEN_TRANSITION, REPEATED_STEP);
  private static final Set<AnomalyKind> OLD_IDS = Set.of(RESURRECTION, TWO_LIVE_IDS);
  /** What can come of two writes of which each replaces the whole cart. */
  private static final Set<AnomalyKind> OVERWRITES = Set.of(
      LOST_ACKNOWLEDGED_WRITE, LOST_UPDATE, STALE_READ, BACKWARD_READ, ORDER_DISAGREEMENT, READ_YOUR_WRITES,
      MONOTONIC_READS, MONOTONIC_WRITES, WRITES_FOLLOW_READS);

  private static final Set<String> SHARED_JAR = Set.of("tabs", "races", "checkout");

  private final History history;
  private final FaultContext circumstances;

  private Guarantees(History history) {
    this.history = history;
    this.circumstances = new FaultContext(history);
  }

  /** Checks the carts of a history, and holds what is found against what its strategy documents. */
  public static GuaranteeResult judge(History history) {
    return new Guarantees(history).judge(CartChecker.check(history).anomalies(),
        AnomalyKind::isOfCart);
  }

  /**
   * Checks a history by every judge: carts, clients, ends of sessions, and linearizability.
   *
   * @param bound of the search for a linearization, for each session
   */
  public static CheckResult judgeFully(History history, Bound bound) {
    Linearizability.Findings linearizability = Linearizability.check(history, bound);
    List<Anomaly> found = new ArrayList<>(CartChecker.check(history).anomalies());
    found.addAll(linearizability.anomalies());
    found.addAll(SessionChecker.check(history));
    found.addAll(CheckoutChecker.check(history));
    return new CheckResult(
        new Guarantees(history).judge(found, kind -> true), linearizability.sessions(), linearizability.undecided());
  }

  private GuaranteeResult judge(List<Anomaly> found, Predicate<AnomalyKind> judged) {
    List<Anomaly> documented = new ArrayList<>();
    List<Anomaly> broken = new ArrayList<>();
    for (Anomaly anomaly : found) {
      if (anomaly.kind() != NOT_LINEARIZABLE) {
        (allows(anomaly) ? documented : broken).add(anomaly);
      }
    }
    Set<String> accused = sessions(broken);
    Set<String> explained = sessions(documented);
    explained.removeAll(accused);
    for (Anomaly anomaly : found) {
      if (anomaly.kind() == NOT_LINEARIZABLE) {
        boolean allowed = explained.contains(anomaly.session())
            || (!accused.contains(anomaly.session()) && allowsWhatItMisses(anomaly));
        (allowed ? documented : broken).add(anomaly);
      }
    }
    Set<AnomalyKind> mayShow = mayShow();
    mayShow.removeIf(judged.negate());
    return new GuaranteeResult(new Verdict(history.operations().size(), found), mayShow, documented, broken);
  }

  /**
   * The other judges find whatever makes a cart fail, so that what they found is what must be documented; but for reads
   * that a logout overtook, of which they say nothing.
   */
  private boolean allowsWhatItMisses(Anomaly anomaly) {
    return anomaly.operations().stream().map(Operation::item).filter(Objects::nonNull).distinct()
        .filter(item -> FaultContext.aReadMisses(anomaly, item))
        .anyMatch(
            item -> LOST_OR_OLD.stream().anyMatch(
                kind -> allows(
                    new Anomaly(kind, anomaly.session(), item, 0, anomaly.explanation(), anomaly.operations()))));
  }

  private static Set<String> sessions(Collection<Anomaly> anomalies) {
    Set<String> sessions = new HashSet<>();
    anomalies.forEach(anomaly -> sessions.add(anomaly.session()));
    return sessions;
  }

  /** The kinds that the strategy may show in a history with these clients, as long as no fault hits its own servers. */
  private Set<AnomalyKind> mayShow() {
    Set<AnomalyKind> kinds = EnumSet.noneOf(AnomalyKind.class);
    boolean shared = circumstances.sessionsAreShared();
    boolean local = "local".equals(history.reads());
    switch (history.strategy()) {
      case "affinity" -> kinds.add(LOST_SESSION);
      case "redis", "cookie" -> {
        if (shared && !writesAreGuarded()) {
          kinds.addAll(OVERWRITES);
          kinds.addAll(OLD_IDS);
          kinds.addAll(OF_CHECKOUT);
        }
      }
      case "replicated" -> {
        if (local || (shared && "session".equals(history.reads()))) {
          kinds.addAll(OLD_READS);
          kinds.addAll(OLD_IDS);
          kinds.add(FORBIDDEN_TRANSITION);
        }
        if (local || (shared && tokensOvertake())) {
          kinds.addAll(OWN_PAST);
        }
      }
      default -> {
      }
    }
    if (!kinds.isEmpty()) {
      kinds.add(NOT_LINEARIZABLE);
    }
    return kinds;
  }

  private boolean allows(Anomaly anomaly) {
    if (OF_CHECKOUT.contains(anomaly.kind())) {
      return anomaly.kind() == REPEATED_STEP ? allowsRepetition(anomaly) : allowsTransition(anomaly);
    }
    boolean lost = anomaly.kind() == LOST_SESSION;
    return switch (history.strategy()) {
      case "affinity" -> (lost && circumstances.ownerGone(anomaly)) || outlivedByAClock(anomaly);
      case "redis" ->
        redisAllows(anomaly) || (lost && circumstances.metAWrongClock(anomaly)) || outlivedByAClock(anomaly);
      case "cookie" ->
        (OVERWRITES.contains(anomaly.kind()) && circumstances.overlappingClients(anomaly))
            || OLD_IDS.contains(anomaly.kind()) || (lost && circumstances.metAWrongClock(anomaly))
            || outlivedByAClock(anomaly);
      case "replicated" ->
        (LOSSES.contains(anomaly.kind()) && circumstances.majorityWiped(anomaly)) || readsAllow(anomaly)
            || (lost && circumstances.livedUnderAWrongClock(anomaly)) || outlivedByAClock(anomaly);
      default -> false;
    };
  }

  /** What a clock noted that was ahead, or reads that is behind, is younger than it is. */
  private boolean outlivedByAClock(Anomaly anomaly) {
    return anomaly.kind() == ALIVE_AFTER_EXPIRY && circumstances.clockWasWrong(anomaly);
  }

  /** A state that was overwritten or read late shows as a way back, as an item does that is missing. */
  private boolean allowsTransition(Anomaly anomaly) {
    return switch (history.strategy()) {
      case "redis" ->
        (!writesAreGuarded() && circumstances.overlappingSteps(anomaly))
            || circumstances.redisWasHit(anomaly, writesAreConfirmed());
      case "cookie" -> !FaultContext.concernsOneClient(anomaly);
      case "replicated" -> "local".equals(history.reads()) || circumstances.majorityWiped(anomaly)
          || ("session".equals(history.reads()) && !FaultContext.concernsOneClient(anomaly));
      default -> false;
    };
  }

  /** A write that was lost can be done again; what was read late cannot, because its write is refused. */
  private boolean allowsRepetition(Anomaly anomaly) {
    return switch (history.strategy()) {
      case "redis", "cookie" -> allowsTransition(anomaly);
      case "replicated" -> circumstances.majorityWiped(anomaly);
      default -> false;
    };
  }

  /** Whether Redis refuses a write that another request was faster than. */
  private boolean writesAreGuarded() {
    return "redis".equals(history.strategy())
        && ("compare-and-set".equals(history.writes()) || writesAreConfirmed());
  }

  /** Whether a write is acknowledged only when the replicas have it. */
  private boolean writesAreConfirmed() {
    return "confirmed".equals(history.writes());
  }

  /** Whether an answer may leave an older token than a later one had brought: tabs keep one cookie for all. */
  private boolean tokensOvertake() {
    return "session".equals(history.reads()) && history.workload() != null && SHARED_JAR.contains(history.workload());
  }

  private boolean redisAllows(Anomaly anomaly) {
    AnomalyKind kind = anomaly.kind();
    boolean raced = (OVERWRITES.contains(kind) && circumstances.overlappingWrites(anomaly))
        || (OLD_IDS.contains(kind) && circumstances.overlappedEnd(anomaly));
    return (raced && !writesAreGuarded())
        || ((OVERWRITES.contains(kind) || OLD_IDS.contains(kind) || LOSSES.contains(kind))
            && circumstances.redisWasHit(anomaly, writesAreConfirmed()));
  }

  private boolean readsAllow(Anomaly anomaly) {
    AnomalyKind kind = anomaly.kind();
    if ("local".equals(history.reads())) {
      return OLD_READS.contains(kind) || OWN_PAST.contains(kind)
          || ((LOSSES.contains(kind) || OLD_IDS.contains(kind)) && !circumstances.settled(anomaly));
    }
    if (!"session".equals(history.reads())) {
      return false;
    }
    if (tokensOvertake() && (OLD_READS.contains(kind) || OWN_PAST.contains(kind))) {
      return true;
    }
    return (OLD_READS.contains(kind) && !circumstances.forgetsItsOwnClient(anomaly))
        || (OLD_IDS.contains(kind) && !FaultContext.concernsOneClient(anomaly));
  }
}
