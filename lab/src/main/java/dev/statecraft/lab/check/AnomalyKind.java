package dev.statecraft.lab.check;

/** What can be wrong with the cart of a session; exact definitions at {@link Checker}. */
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
  ORDER_DISAGREEMENT("orderDisagreements");

  private final String field;

  AnomalyKind(String field) {
    this.field = field;
  }

  /** The name of its count in {@code results.json}. */
  public String field() {
    return field;
  }
}
