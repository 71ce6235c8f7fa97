package dev.statecraft.session.replicated;

/** This node must not take part in the group; the message says why, and what would help. */
final class RefusedException extends RuntimeException {
  private final String reason;

  RefusedException(String reason) {
    super(reason);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
