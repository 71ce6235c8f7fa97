package dev.statecraft.gateway.affinity;

/** The result of reading a client's affinity cookies. */
public sealed interface AffinityReading {
  /** The client sent no affinity cookie. */
  record Absent() implements AffinityReading {}

  /** One of the cookies was signed for this route with a key of the ring. */
  record Verified(AffinityAssignment assignment) implements AffinityReading {}

  /**
   * None of the cookies was signed for this route with a key of the ring. The key may have been removed since, the
   * cookie may belong to another path or domain, or the client may have changed it.
   */
  record Unverified() implements AffinityReading {}
}
