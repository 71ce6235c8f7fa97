package dev.statecraft.gateway.health;

/** What this gateway believes of one node. */
public enum NodeStatus {
  /** Not yet probed: it joined a moment ago. */
  UNKNOWN,
  /** Takes requests. */
  AVAILABLE,
  /** Took requests and failed them; out until its back-off is over and a probe finds it ready. */
  EJECTED,
  /** Says by its readiness that it takes no requests, or does not answer the probe. */
  UNREADY
}
