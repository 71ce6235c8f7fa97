package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.checker.anomaly.AnomalyKind;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.CheckoutVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.SessionVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Verdict;
import dev.statecraft.lab.report.NumberFormats;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A count of a verdict, in words for a reader.
 *
 * @param kind what it counts; null for the items of lost sessions
 */
public record AnomalyCount(@Nullable AnomalyKind kind, String field, String singular, String plural,
    String definition) {
  private static final AnomalyCount LOST_ITEMS = new AnomalyCount(
      null, AnomalyKind.LOST_ITEMS_FIELD, "item lost with its session", "items lost with their session",
      "An acknowledged item that was in the cart of a lost session; counted here and not as a lost write.");
  private static final SessionVerdict NOT_JUDGED = new SessionVerdict(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final CheckoutVerdict NO_CHECKOUT = new CheckoutVerdict(0, 0, 0);

  static AnomalyCount of(AnomalyKind kind) {
    return new AnomalyCount(kind, kind.field(), kind.singular(), kind.plural(), kind.definition());
  }

  /** All counts, in the order in which they hurt. */
  static List<AnomalyCount> all() {
    List<AnomalyCount> all = new ArrayList<>();
    for (AnomalyKind kind : AnomalyKind.values()) {
      all.add(of(kind));
      if (kind == AnomalyKind.LOST_SESSION) {
        all.add(LOST_ITEMS);
      }
    }
    return List.copyOf(all);
  }

  /** The counts from one to another, both included. */
  static List<AnomalyCount> range(AnomalyKind first, AnomalyKind last) {
    List<AnomalyCount> all = all();
    return all.subList(all.indexOf(of(first)), all.indexOf(of(last)) + 1);
  }

  static List<AnomalyCount> seen(Run run) {
    return all().stream().filter(anomaly -> anomaly.count(run) > 0).toList();
  }

  String title() {
    return NumberFormats.capitalised(plural);
  }

  /** How often it was seen; 0 also where it was not judged. */
  long count(Run run) {
    Verdict verdict = run.verdict();
    SessionVerdict sessions = run.sessionVerdict() == null ? NOT_JUDGED : run.sessionVerdict();
    CheckoutVerdict checkouts = run.checkoutVerdict() == null ? NO_CHECKOUT : run.checkoutVerdict();
    return switch (kind) {
      case null -> verdict.lostItems();
      case LOST_ACKNOWLEDGED_WRITE -> verdict.lostAcknowledgedWrites();
      case LOST_SESSION -> verdict.lostSessions();
      case STALE_READ -> verdict.staleReads();
      case BACKWARD_READ -> verdict.backwardReads();
      case DUPLICATE -> verdict.duplicates();
      case PHANTOM -> verdict.phantoms();
      case ORDER_DISAGREEMENT -> verdict.orderDisagreements();
      case NOT_LINEARIZABLE -> sessions.notLinearizable();
      case READ_YOUR_WRITES -> sessions.readYourWrites();
      case MONOTONIC_READS -> sessions.monotonicReads();
      case MONOTONIC_WRITES -> sessions.monotonicWrites();
      case WRITES_FOLLOW_READS -> sessions.writesFollowReads();
      case LOST_UPDATE -> sessions.lostUpdates();
      case RESURRECTION -> sessions.resurrections();
      case TWO_LIVE_IDS -> sessions.twoLiveIds();
      case ALIVE_AFTER_EXPIRY -> sessions.aliveAfterExpiry();
      case FORBIDDEN_TRANSITION -> checkouts.forbiddenTransitions();
      case REPEATED_STEP -> checkouts.repeatedSteps();
    };
  }

  /** Whether the run was judged for it. */
  boolean judged(Run run) {
    if (kind == null || kind.compareTo(AnomalyKind.ORDER_DISAGREEMENT) <= 0) {
      return true;
    }
    return kind.compareTo(AnomalyKind.ALIVE_AFTER_EXPIRY) <= 0
        ? run.sessionVerdict() != null
        : run.checkoutVerdict() != null;
  }

  boolean allowed(Run run) {
    return run.allowed().contains(field);
  }

  /** Such as "1 stale read" or "1,204 stale reads". */
  String counted(Run run) {
    long count = count(run);
    return NumberFormats.count(count) + ' ' + (count == 1 ? singular : plural);
  }
}
