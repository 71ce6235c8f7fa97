package dev.statecraft.session;

/**
 * The store refused, and nothing of what was asked has been lost or half done. The constants tell a client what it may
 * do next; over HTTP each is one problem document (RFC 9457).
 */
public final class SessionStoreException extends RuntimeException {
  /** Why the store refused. */
  public enum Reason {
    /** Another request of the same session changed the same attribute first: read again, then repeat. HTTP 409. */
    CONFLICT,
    /** The state would outgrow what the strategy can hold; the old state stays. HTTP 413. */
    TOO_LARGE,
    /**
     * No answer within the deadline: no leader, no quorum, no connection. A read may be repeated; a write may still
     * take effect. HTTP 503.
     */
    UNAVAILABLE
  }

  private final Reason reason;

  public SessionStoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public SessionStoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
