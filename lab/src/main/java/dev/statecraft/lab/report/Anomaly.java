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
      "No single order of additions explains what the reads of a session showed.");

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
