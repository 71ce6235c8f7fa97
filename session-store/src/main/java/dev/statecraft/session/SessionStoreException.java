package dev.statecraft.session;

/**
 * The store rejected an operation. No part of it was lost or half done. The {@link Reason} tells a client what to do
 * next; over HTTP each is one problem document (RFC 9457).
 */
public final class SessionStoreException extends RuntimeException {
  /** Why the store rejected the operation. */
  public enum Reason {
    /** Another request changed the same attribute of the session first: read again, then repeat. HTTP 409. */
    CONFLICT,
    /** The new state exceeds what the strategy can hold; the old state stays. HTTP 413. */
    TOO_LARGE,
    /**
     * No response within the deadline: no leader, no quorum, or no connection. A read can be repeated; a write may
     * still take effect. HTTP 503.
     */
    UNAVAILABLE,
    /** This node cannot read an attribute of the session; a node of another version may. HTTP 503. */
    UNREADABLE
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
