package dev.statecraft.lab.checker.anomaly;

/** What can be wrong with a session; exact definitions at the judges, the first seven at {@link CartChecker}. */
public enum AnomalyKind {
  /** An acknowledged item is gone from a cart whose session lives. */
  LOST_ACKNOWLEDGED_WRITE("lostAcknowledgedWrites"),
  /** The service no longer knows a session that it should know. */
  LOST_SESSION("lostSessions"),
  /** A read misses an item that was acknowledged before it began, and that shows again. */
  STALE_READ("staleReads"),
  /** A read misses an item that an earlier read showed. */
  BACKWARD_READ("backwardReads"),
  /** A cart shows an item more often than it was sent. */
  DUPLICATE("duplicates"),
  /** A cart shows an item that nobody can have put there. */
  PHANTOM("phantoms"),
  /** No single order of appends explains what was shown. */
  ORDER_DISAGREEMENT("orderDisagreements"),

  /** No order of the session's operations explains its answers; at {@link Linearizability}. */
  NOT_LINEARIZABLE("notLinearizable"),

  /** A client reads a cart without what it wrote itself; this and the following at {@link SessionChecker}. */
  READ_YOUR_WRITES("readYourWrites"),
  /** A client reads a cart without what it had been shown. */
  MONOTONIC_READS("monotonicReads"),
  /** A write of a client is shown without, or in front of, an earlier one of the same client. */
  MONOTONIC_WRITES("monotonicWrites"),
  /** A write is shown without, or in front of, what its client had been shown when it wrote. */
  WRITES_FOLLOW_READS("writesFollowReads"),
  /** An acknowledged item is gone because another client's concurrent write took its place. */
  LOST_UPDATE("lostUpdates"),
  /** A session answers after its logout. */
  RESURRECTION("resurrections"),
  /** An id answers after a rotation replaced it. */
  TWO_LIVE_IDS("twoLiveIds"),
  /** A session answers after it was idle for its time-out. */
  ALIVE_AFTER_EXPIRY("aliveAfterExpiry"),

  /** A cart's checkout goes a way that its machine forbids; at {@link CheckoutChecker}. */
  FORBIDDEN_TRANSITION("forbiddenTransitions"),
  /** A step of a checkout that can be taken once was acknowledged twice, such as a payment. */
  REPEATED_STEP("repeatedSteps");

  private final String field;

  AnomalyKind(String field) {
    this.field = field;
  }

  /** Its name in {@code results.json}. */
  public String field() {
    return field;
  }

  /** Whether {@link CartChecker} finds it, and {@code results.json} has counted it from the first schema on. */
  public boolean isOfCart() {
    return compareTo(ORDER_DISAGREEMENT) <= 0;
  }
}
