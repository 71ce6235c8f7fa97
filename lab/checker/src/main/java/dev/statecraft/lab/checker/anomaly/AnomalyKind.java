package dev.statecraft.lab.checker.anomaly;

/**
 * The kinds of anomalies, each with its definition for a reader of a report. The precise conditions are at
 * {@code CartChecker} for the first seven, {@code Linearizability}, {@code SessionChecker} and {@code CheckoutChecker}.
 */
public enum AnomalyKind {
  LOST_ACKNOWLEDGED_WRITE("lostAcknowledgedWrites", "lost acknowledged write", "lost acknowledged writes",
      "An item whose addition was answered with success is gone from the cart of a session that lives."),
  LOST_SESSION("lostSessions", "lost session", "lost sessions",
      "The service answered 401, or with an empty new state, to a cookie that it had given, neither logged out nor"
          + " expired."),
  STALE_READ("staleReads", "stale read", "stale reads",
      "A read misses an item that was acknowledged before the read began, and that shows again later."),
  BACKWARD_READ("backwardReads", "backward read", "backward reads",
      "A read misses an item that an earlier read of the same session showed."),
  DUPLICATE("duplicates", "duplicate", "duplicates", "A cart shows an item more often than it was sent."),
  PHANTOM("phantoms", "phantom", "phantoms", "A cart shows an item that nobody can have put there."),
  ORDER_DISAGREEMENT("orderDisagreements", "disagreeing order", "disagreeing orders",
      "No single order of additions explains what the reads of a session showed."),

  NOT_LINEARIZABLE("notLinearizable", "session that is not linearizable", "sessions that are not linearizable",
      "No order of a session's operations, each at one instant between its request and its answer, explains all that it"
          + " answered."),

  READ_YOUR_WRITES("readYourWrites", "read without one's own write", "reads without one's own writes",
      "A client reads a cart without an item whose addition had been acknowledged to this client."),
  MONOTONIC_READS("monotonicReads", "read that goes back", "reads that go back",
      "A client reads a cart without an item that this client had been shown."),
  MONOTONIC_WRITES("monotonicWrites", "write out of its client's order", "writes out of their client's order",
      "An item is shown without, or in front of, one that the same client had got acknowledged before it sent it."),
  WRITES_FOLLOW_READS("writesFollowReads", "write without what it followed", "writes without what they followed",
      "An item is shown without, or in front of, one that its client had been shown before it sent it."),
  LOST_UPDATE("lostUpdates", "lost update", "lost updates",
      "An acknowledged item is gone because another client's write, under way at the same time, took its place."),
  RESURRECTION("resurrections", "session that outlived its logout", "sessions that outlived their logout",
      "A session answers a request that was sent after its logout had been acknowledged."),
  TWO_LIVE_IDS("twoLiveIds", "session with two live ids", "sessions with two live ids",
      "An id answers a request that was sent after a rotation that replaced it had been acknowledged."),
  ALIVE_AFTER_EXPIRY("aliveAfterExpiry", "session alive after its expiry", "sessions alive after their expiry",
      "A session answers although nobody had used it for longer than its time-out."),

  FORBIDDEN_TRANSITION("forbiddenTransitions", "forbidden transition of a checkout",
      "forbidden transitions of checkouts",
      "A cart shows a state of its checkout that it cannot have reached from one that was shown before."),
  REPEATED_STEP("repeatedSteps", "repeated step of a checkout", "repeated steps of checkouts",
      "A step of a checkout that can be taken once, such as a payment, was acknowledged again.");

  /** The name in {@code results.json} of the number of items in the carts of lost sessions; not a kind. */
  public static final String LOST_ITEMS_FIELD = "lostItems";

  private final String field;
  private final String singular;
  private final String plural;
  private final String definition;

  AnomalyKind(String field, String singular, String plural, String definition) {
    this.field = field;
    this.singular = singular;
    this.plural = plural;
    this.definition = definition;
  }

  /** The name of its count in {@code results.json}. */
  public String field() {
    return field;
  }

  public String singular() {
    return singular;
  }

  public String plural() {
    return plural;
  }

  /** Defines it in one sentence for a reader of a report. */
  public String definition() {
    return definition;
  }
}
