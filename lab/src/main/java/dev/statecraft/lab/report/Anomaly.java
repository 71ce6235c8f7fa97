package dev.statecraft.lab.report;

import dev.statecraft.lab.report.Results.Run;
import dev.statecraft.lab.report.Results.Verdict;
import java.util.Arrays;
import java.util.List;

/** What a verdict counts, in words for a reader. In the order in which it hurts. */
enum Anomaly {
  LOST_WRITES(
      "lostAcknowledgedWrites",
      "lost acknowledged write",
      "lost acknowledged writes",
      "An item whose addition was answered with success, and that a later read of the same live session misses."),
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
      "A read that misses a write acknowledged before the read began."),
  BACKWARD_READS(
      "backwardReads",
      "backward read",
      "backward reads",
      "A read that misses what an earlier read of the same session had shown."),
  DUPLICATES(
      "duplicates",
      "duplicate",
      "duplicates",
      "An item that was sent once and is in the cart twice."),
  PHANTOMS("phantoms", "phantom", "phantoms", "An item in a cart to which nobody sent it."),
  ORDER_DISAGREEMENTS(
      "orderDisagreements",
      "disagreeing order",
      "disagreeing orders",
      "Two reads that show the same items in different orders.");

  private final String field;
  private final String singular;
  private final String plural;
  private final String definition;

  Anomaly(String field, String singular, String plural, String definition) {
    this.field = field;
    this.singular = singular;
    this.plural = plural;
    this.definition = definition;
  }

  String field() {
    return field;
  }

  String title() {
    return Figures.capitalised(plural);
  }

  String definition() {
    return definition;
  }

  long count(Run run) {
    Verdict verdict = run.verdict();
    return switch (this) {
      case LOST_WRITES -> verdict.lostAcknowledgedWrites();
      case LOST_SESSIONS -> verdict.lostSessions();
      case LOST_ITEMS -> verdict.lostItems();
      case STALE_READS -> verdict.staleReads();
      case BACKWARD_READS -> verdict.backwardReads();
      case DUPLICATES -> verdict.duplicates();
      case PHANTOMS -> verdict.phantoms();
      case ORDER_DISAGREEMENTS -> verdict.orderDisagreements();
    };
  }

  boolean allowed(Run run) {
    return run.allowed().contains(field);
  }

  /** Such as "1 stale read" or "1,204 stale reads". */
  String counted(Run run) {
    long count = count(run);
    return Figures.count(count) + ' ' + (count == 1 ? singular : plural);
  }

  static List<Anomaly> seen(Run run) {
    return Arrays.stream(values()).filter(anomaly -> anomaly.count(run) > 0).toList();
  }
}
