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

/** The name and definition of a count of a verdict; without a kind it counts the items of lost sessions. */
public record AnomalyCount(@Nullable AnomalyKind kind, String field, String singular, String plural,
    String definition) {
  private static final AnomalyCount LOST_ITEMS = new AnomalyCount(null, AnomalyKind.LOST_ITEMS_FIELD,
      "item lost with its session", "items lost with their session",
      "An acknowledged item in the cart of a lost session; not counted as a lost write.");
  private static final SessionVerdict NO_SESSION_VERDICT = new SessionVerdict(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  private static final CheckoutVerdict NO_CHECKOUT_VERDICT = new CheckoutVerdict(0, 0, 0);

  static AnomalyCount of(AnomalyKind kind) {
    return new AnomalyCount(kind, kind.field(), kind.singular(), kind.plural(), kind.definition());
  }

  /** All counts, most severe first. */
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

  /** The counts from {@code first} to {@code last}, inclusive. */
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

  /** The count in a run; 0 if the run was not checked for it. */
  long count(Run run) {
    Verdict verdict = run.verdict();
    SessionVerdict sessions = run.sessionVerdict() == null ? NO_SESSION_VERDICT : run.sessionVerdict();
    CheckoutVerdict checkouts = run.checkoutVerdict() == null ? NO_CHECKOUT_VERDICT : run.checkoutVerdict();
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

  /** Whether the run was checked for it. */
  boolean checked(Run run) {
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

  /** The count with its name, such as "1 stale read" or "1,204 stale reads". */
  String counted(Run run) {
    long count = count(run);
    return NumberFormats.count(count) + ' ' + (count == 1 ? singular : plural);
  }
}
