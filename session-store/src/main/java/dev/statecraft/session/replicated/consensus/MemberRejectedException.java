package dev.statecraft.session.replicated.consensus;

/** This node may not take part in the group. The message gives the cause and what to do. */
public final class MemberRejectedException extends RuntimeException {
  private final String reason;

  public MemberRejectedException(String reason) {
    super(reason);
    this.reason = reason;
  }

  public String reason() {
    return reason;
  }
}
