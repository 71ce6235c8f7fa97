package dev.statecraft.session.replicated.consensus;

/** Result of a node's request to be removed from its group. */
public sealed interface LeaveResult {
  /** The removal is committed; the node takes no part in the group until its process is restarted. */
  record Done() implements LeaveResult {}

  /** Nothing was changed. Repeating the request does not help until the cause is gone. */
  record Refused(String reason) implements LeaveResult {}

  /** The removal may still be committed. Repeating the request shows whether it was. */
  record Unknown(String reason) implements LeaveResult {}
}
