package dev.statecraft.lab.experiment.strategies.report;

import dev.statecraft.lab.experiment.strategies.report.StrategyResults.CheckoutVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Run;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.SessionVerdict;
import dev.statecraft.lab.experiment.strategies.report.StrategyResults.Verdict;
import dev.statecraft.lab.report.NumberFormats;
import java.util.Arrays;
import java.util.List;

/** What a verdict counts, in words for a reader. In the order in which it hurts. */
public enum AnomalyCount {
  LOST_WRITES(
      "lostAcknowledgedWrites",
      "lost acknowledged write",
      "lost acknowledged writes",
      "An item whose addition was answered with success is gone from the cart of a session that lives."),
  LOST_SESSIONS(
      "lostSessions",
      "lost session",
      "lost sessions",
      "The service answered 401, or with an empty new state, to a cookie that it had given, neither logged out nor"
          + " expired."),
  LOST_ITEMS(
      "lostItems",
      "item lost with its session",
      "items lost with their session",
      "An acknowledged item that was in the cart of a lost session; counted here and not as a lost write."),
  STALE_READS(
      "staleReads",
      "stale read",
      "stale reads",
      "A read misses an item that was acknowledged before the read began, and that shows again later."),
  BACKWARD_READS(
      "backwardReads",
      "backward read",
      "backward reads",
      "A read misses an item that an earlier read of the same session showed."),
  DUPLICATES(
      "duplicates",
      "duplicate",
      "duplicates",
      "A cart shows an item more often than it was sent."),
  PHANTOMS("phantoms", "phantom", "phantoms", "A cart shows an item that nobody can have put there."),
  ORDER_DISAGREEMENTS(
      "orderDisagreements",
      "disagreeing order",
      "disagreeing orders",
      "No single order of additions explains what the reads of a session showed."),
  NOT_LINEARIZABLE(
      "notLinearizable",
      "session that is not linearizable",
      "sessions that are not linearizable",
      "No order of a session's operations, each at one instant between its request and its answer, explains all that it"
          + " answered."),
  READ_YOUR_WRITES(
      "readYourWrites",
      "read without one's own write",
      "reads without one's own writes",
      "A client reads a cart without an item whose addition had been acknowledged to this client."),
  MONOTONIC_READS(
      "monotonicReads",
      "read that goes back",
      "reads that go back",
      "A client reads a cart without an item that this client had been shown."),
  MONOTONIC_WRITES(
      "monotonicWrites",
      "write out of its client's order",
      "writes out of their client's order",
      "An item is shown without, or in front of, one that the same client had got acknowledged before it sent it."),
  WRITES_FOLLOW_READS(
      "writesFollowReads",
      "write without what it followed",
      "writes without what they followed",
      "An item is shown without, or in front of, one that its client had been shown before it sent it."),
  LOST_UPDATES(
      "lostUpdates",
      "lost update",
      "lost updates",
      "An acknowledged item is gone because another client's write, under way at the same time, took its place."),
  RESURRECTIONS(
      "resurrections",
      "session that outlived its logout",
      "sessions that outlived their logout",
      "A session answers a request that was sent after its logout had been acknowledged."),
  TWO_LIVE_IDS(
      "twoLiveIds",
      "session with two live ids",
      "sessions with two live ids",
      "An id answers a request that was sent after a rotation that replaced it had been acknowledged."),
  ALIVE_AFTER_EXPIRY(
      "aliveAfterExpiry",
      "session alive after its expiry",
      "sessions alive after their expiry",
      "A session answers although nobody had used it for longer than its time-out."),
  FORBIDDEN_TRANSITIONS(
      "forbiddenTransitions",
      "forbidden transition of a checkout",
      "forbidden transitions of checkouts",
      "A cart shows a state of its checkout that it cannot have reached from one that was shown before."),
  REPEATED_STEPS(
      "repeatedSteps",
      "repeated step of a checkout",
      "repeated steps of checkouts",
      "A step of a checkout that can be taken once, such as a payment, was acknowledged again.");

  private static final SessionVerdict UNJUDGED = new SessionVerdict(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  private static final CheckoutVerdict NO_CHECKOUT = new CheckoutVerdict(0, 0, 0);

  private final String field;
  private final String singular;
  private final String plural;
  private final String definition;

  AnomalyCount(String field, String singular, String plural, String definition) {
    this.field = field;
    this.singular = singular;
    this.plural = plural;
    this.definition = definition;
  }

  String field() {
    return field;
  }

  String title() {
    return NumberFormats.capitalised(plural);
  }

  String definition() {
    return definition;
  }

  /** How often it was seen; 0 also where nobody looked. */
  long count(Run run) {
    Verdict verdict = run.verdict();
    SessionVerdict sessions = run.sessionVerdict() == null ? UNJUDGED : run.sessionVerdict();
    CheckoutVerdict checkouts = run.checkoutVerdict() == null ? NO_CHECKOUT : run.checkoutVerdict();
    return switch (this) {
      case LOST_WRITES -> verdict.lostAcknowledgedWrites();
      case LOST_SESSIONS -> verdict.lostSessions();
      case LOST_ITEMS -> verdict.lostItems();
      case STALE_READS -> verdict.staleReads();
      case BACKWARD_READS -> verdict.backwardReads();
      case DUPLICATES -> verdict.duplicates();
      case PHANTOMS -> verdict.phantoms();
      case ORDER_DISAGREEMENTS -> verdict.orderDisagreements();
      case NOT_LINEARIZABLE -> sessions.notLinearizable();
      case READ_YOUR_WRITES -> sessions.readYourWrites();
      case MONOTONIC_READS -> sessions.monotonicReads();
      case MONOTONIC_WRITES -> sessions.monotonicWrites();
      case WRITES_FOLLOW_READS -> sessions.writesFollowReads();
      case LOST_UPDATES -> sessions.lostUpdates();
      case RESURRECTIONS -> sessions.resurrections();
      case TWO_LIVE_IDS -> sessions.twoLiveIds();
      case ALIVE_AFTER_EXPIRY -> sessions.aliveAfterExpiry();
      case FORBIDDEN_TRANSITIONS -> checkouts.forbiddenTransitions();
      case REPEATED_STEPS -> checkouts.repeatedSteps();
    };
  }

  /** Whether the run was looked at for it. */
  public boolean judged(Run run) {
    if (compareTo(ORDER_DISAGREEMENTS) <= 0) {
      return true;
    }
    return compareTo(ALIVE_AFTER_EXPIRY) <= 0 ? run.sessionVerdict() != null : run.checkoutVerdict() != null;
  }

  boolean allowed(Run run) {
    return run.allowed().contains(field);
  }

  /** Such as "1 stale read" or "1,204 stale reads". */
  String counted(Run run) {
    long count = count(run);
    return NumberFormats.count(count) + ' ' + (count == 1 ? singular : plural);
  }

  static List<AnomalyCount> seen(Run run) {
    return Arrays.stream(values()).filter(anomaly -> anomaly.count(run) > 0).toList();
  }
}
